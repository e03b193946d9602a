"""Whether answers keep the contract."""
