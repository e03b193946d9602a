"""Favourites (F1, F2)."""
