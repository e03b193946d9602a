"""The work that requests cost."""
