"""The pages of the documentation that a test follows."""
