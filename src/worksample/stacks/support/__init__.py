"""What the stacks are built from; no stack itself."""
