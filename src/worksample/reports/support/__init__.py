"""What the forms share."""
