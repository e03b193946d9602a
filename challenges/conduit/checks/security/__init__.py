"""Checks of the aspect security."""
