"""Sailings: open, list and read (D1 to D3, L1, L2)."""
