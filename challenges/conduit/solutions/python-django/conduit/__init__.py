"""Conduit: a place for people who write."""
