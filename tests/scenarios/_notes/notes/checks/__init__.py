"""The checks of the notes challenge."""
