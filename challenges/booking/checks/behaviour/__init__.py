"""What the server does for people, one request after the other."""
