"""Helpers of the stacks."""
