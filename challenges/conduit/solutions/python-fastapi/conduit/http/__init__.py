"""What every endpoint shares: how requests are read, who asks, and how refusals look."""
