"""Families of checks that any product can use; a challenge supplies small adapters.

One module a family: its checks (`SUITE`), and the protocol that an adapter must fulfil.
"""
