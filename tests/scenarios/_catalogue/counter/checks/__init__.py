"""The checks of the counter challenge."""
