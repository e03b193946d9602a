"""The engine, asked with a server that is not one."""
