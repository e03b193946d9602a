"""Faults of the server, the database and the clients."""
