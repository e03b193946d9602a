"""What the services are built from; no service itself."""
