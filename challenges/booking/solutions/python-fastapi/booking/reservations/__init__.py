"""Reservations: hold, pay and cancel seats (B, H, E and X)."""
