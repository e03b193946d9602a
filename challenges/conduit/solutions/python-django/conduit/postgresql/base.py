"""Django's back end for PostgreSQL, which takes no dead connection from its pool."""

from typing import Any

from django.db.backends.postgresql import base, creation, operations

from conduit.postgresql.connection import is_alive, without_limits


class DatabaseCreation(creation.DatabaseCreation):
    """Makes the database of the tests, which takes longer than a request may."""

    def _execute_create_test_db(
        self, cursor: Any, parameters: dict[str, str], keepdb: bool = False
    ) -> None:
        with without_limits(cursor):
            super()._execute_create_test_db(cursor, parameters, keepdb)


class DatabaseOperations(operations.DatabaseOperations):
    """Empties the tables between tests, which may take longer than a request, too."""

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor, without_limits(cursor):
            super().execute_sql_flush(sql_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """See Django's. CONN_HEALTH_CHECKS would cost a round trip, and a pause per dead connection."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a live connection; the dead ones are closed, and the pool replaces them."""
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection
