"""Checks on the work that requests cost, and on load."""
