"""Probes: ways to test a running target. All of them use the recording HTTP client in `http`."""
