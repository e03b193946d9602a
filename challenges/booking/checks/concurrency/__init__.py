"""What happens when several requests come at the same moment."""
