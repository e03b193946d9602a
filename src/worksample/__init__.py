"""Worksample grades backend servers: it builds one, runs checks on it, and reports."""

__version__ = "0.1.0"
