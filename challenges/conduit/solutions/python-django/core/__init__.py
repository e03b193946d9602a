"""What the whole project shares and Django has no place for."""
