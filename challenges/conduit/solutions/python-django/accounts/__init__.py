"""Accounts: register, sign in, see and change; profiles, and who follows whom."""
