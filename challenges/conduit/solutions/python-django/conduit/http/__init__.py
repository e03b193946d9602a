"""What every endpoint shares: how requests are read, and how refusals look."""
