"""Worksample: do a backend job before you have it, and prove it."""

__version__ = "0.1.0"
