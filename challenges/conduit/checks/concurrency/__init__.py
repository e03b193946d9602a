"""Checks on requests that arrive at the same moment."""
