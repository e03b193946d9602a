"""The checks of the mirror challenge."""
