"""What all endpoints share: how requests are read, refused and answered."""
