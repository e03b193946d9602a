"""Django's back end for PostgreSQL, which takes no dead connection from its pool."""

from typing import Any

from django.db.backends.postgresql import base

from conduit.postgresql.connection import is_alive


class DatabaseWrapper(base.DatabaseWrapper):
    """See Django's. CONN_HEALTH_CHECKS would cost a round trip, and a pause per dead connection."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a live connection; the dead ones are closed, and the pool replaces them."""
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection
