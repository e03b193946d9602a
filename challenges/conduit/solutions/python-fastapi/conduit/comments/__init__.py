"""Comments (C1 to C3)."""
