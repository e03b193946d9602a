"""The checks of the members challenge."""
