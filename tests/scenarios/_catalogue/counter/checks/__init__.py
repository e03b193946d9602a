"""The checks of the counters."""
