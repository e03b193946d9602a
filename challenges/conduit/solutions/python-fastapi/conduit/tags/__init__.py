"""The tags in use (T1)."""
