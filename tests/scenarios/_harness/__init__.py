"""The harness that runs scenarios."""
