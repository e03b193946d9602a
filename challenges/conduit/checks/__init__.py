"""The checks of the Conduit challenge."""
