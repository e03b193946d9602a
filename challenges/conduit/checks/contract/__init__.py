"""Checks of the aspect contract."""
