"""Profiles and who follows whom (P1 to P3)."""
