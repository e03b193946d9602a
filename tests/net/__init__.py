"""A safety net for refactoring: verdicts that must not change while names and sentences do."""
