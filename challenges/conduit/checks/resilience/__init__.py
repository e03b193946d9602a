"""Checks on crashes, outages, and clients that misbehave."""
