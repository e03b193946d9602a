"""Proof that tasks made of any seed can be told from the reference, and have what they promise."""
