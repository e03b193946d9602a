"""What Conduit is asked."""
