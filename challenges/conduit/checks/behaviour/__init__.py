"""Checks of the aspect behaviour."""
