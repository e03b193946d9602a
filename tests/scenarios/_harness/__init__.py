"""What runs scenarios."""
