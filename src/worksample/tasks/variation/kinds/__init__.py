"""The kinds of change, each for any language that says what its trees look like."""
