"""Accounts: register, sign in, see and change (A1 to A10)."""
