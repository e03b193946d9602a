"""Languages: one file each, found by its `LANGUAGE`."""
