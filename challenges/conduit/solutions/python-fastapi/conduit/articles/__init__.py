"""Articles: publish, read, edit, delete, list (R1 to R8, L1 to L5)."""
