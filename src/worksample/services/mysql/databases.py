"""Databases for targets, each with its own user."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace

from worksample.errors import DatabaseError
from worksample.services.database import OpenTransaction, Row
from worksample.services.mysql import database_copies, row_copies, row_graphs
from worksample.services.mysql import rows as found_rows
from worksample.services.mysql import sessions as found_sessions
from worksample.services.mysql.errors import ErrorNumbers
from worksample.services.mysql.locks import LockMonitor
from worksample.services.mysql.login import Connection, Login, identifier, rows
from worksample.services.mysql.plan_log import LogSwitch, logged_plans
from worksample.services.plans import PlanLog, PlansUnavailable

PLACEHOLDERS = ("url", "host", "port", "user", "password", "database", "jdbc", "dsn", "ado")
#: The connection limit of each user, that of an unconfigured MySQL. Copies of a target run at once,
#: each with its own user, and must not use up each other's connections.
MAX_CONNECTIONS = 151
#: The letters of a new database: those of MySQL 8, whatever an external server is set to.
LETTERS = "CHARACTER SET utf8mb4"
#: The databases that tests usually create for themselves: `test_shop`, `shop_test`.
TEST_DATABASES = ("test%", "%test")


@dataclass(frozen=True, slots=True)
class Database:
    """A database for one target: `owner` is the login for it, `admin` the one for Worksample.

    The owner's name is that of the database, and `client_host` the host of its account, from which
    the owner connects. `log_switch` is that of its server, None if its settings may not be changed.
    `limit` is how many connections the owner may have, 0 for as many as the server's settings
    allow. `copies` are the databases that began with what this one contained; each has an owner of
    its own.
    """

    name: str
    owner: Login
    admin: Login
    client_host: str = "127.0.0.1"
    limit: int = 0
    log_switch: LogSwitch | None = field(default=None, repr=False, compare=False)
    copies: list[Database] = field(default_factory=list, repr=False, compare=False)

    @property
    def protocol(self) -> str:
        """See `Database` in database.py."""
        return "mysql"

    @property
    def url(self) -> str:
        """See `Database` in database.py."""
        return self.owner.url(self.name)

    @property
    def placeholders(self) -> dict[str, str]:
        """See `Resource` in base.py; `jdbc` has no user and password, `dsn` is Go's form."""
        owner, address = self.owner, self.owner.address
        values = (
            self.url,
            owner.host,
            str(owner.port),
            owner.user,
            owner.password,
            self.name,
            f"jdbc:mysql://{address}/{self.name}",
            f"{owner.user}:{owner.password}@tcp({address})/{self.name}",
            f"Server={owner.host};Port={owner.port};User ID={owner.user};"
            f"Password={owner.password};Database={self.name}",
        )
        return {f"mysql.{key}": value for key, value in zip(PLACEHOLDERS, values, strict=True)}

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL, and the variables that the images of MySQL and MariaDB read."""
        return {
            "DATABASE_URL": self.url,
            "MYSQL_HOST": self.owner.host,
            "MYSQL_PORT": str(self.owner.port),
            "MYSQL_USER": self.owner.user,
            "MYSQL_PASSWORD": self.owner.password,
            "MYSQL_DATABASE": self.name,
        }

    @property
    def errors(self) -> ErrorNumbers:
        """See `Database` in database.py."""
        return ErrorNumbers()

    def at(self, host: str, port: int) -> Database:
        """See `Database` in database.py."""
        return replace(self, owner=replace(self.owner, host=host, port=port))

    def lock_monitor(self) -> LockMonitor:
        """See `Database` in database.py."""
        return LockMonitor(self.admin, self.name)

    async def rows_containing(self, text: str) -> list[Row]:
        """See `Database` in database.py."""
        return await self.admin.run(self.name, lambda here: found_rows.containing(here, text))

    async def rows_referencing(self, row: Row) -> list[Row]:
        """See `Database` in database.py."""
        return await self.admin.run(self.name, lambda here: found_rows.referencing(here, row))

    async def delete_rows_containing(self, text: str) -> int:
        """See `Database` in database.py."""
        return await self.admin.run(
            self.name, lambda here: found_rows.delete_containing(here, text)
        )

    async def idle_transactions(self, sessions: Sequence[int]) -> list[OpenTransaction]:
        """See `Database` in database.py."""
        return await self.admin.run(
            "", lambda here: found_sessions.idle_transactions(here, sessions)
        )

    async def terminate(self, sessions: Sequence[int]) -> None:
        """See `Database` in database.py."""
        await self.admin.run("", lambda here: found_sessions.terminate(here, sessions))

    def log_plans(self) -> AbstractAsyncContextManager[PlanLog]:
        """See `Database` in database.py: only a server that Worksample runs can log plans."""
        if self.log_switch is None:
            raise PlansUnavailable(
                "query plans can be logged only on the MariaDB that Worksample starts"
            )
        return logged_plans(self.admin, self.name, self.log_switch)

    async def copy(self) -> Database:
        """See `CopyableDatabase` in database.py."""
        made = planned(
            self.admin,
            client_host=self.client_host,
            limit=self.limit,
            log_switch=self.log_switch,
        )

        def work(connection: Connection) -> None:
            _create(connection, made, database_copies.letters_of(connection, self.name))
            database_copies.fill(connection, self.name, made.name)

        self.copies.append(made)
        try:
            await self.admin.run("", work)
        except DatabaseError:
            await made.drop()
            raise
        return made

    async def row_counts(self) -> dict[str, int]:
        """See `CopyableDatabase` in database.py."""
        return await self.admin.run(self.name, row_copies.counts)

    async def copy_row(self, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
        """See `CopyableDatabase` in database.py."""
        return await self.admin.run(self.name, lambda here: row_copies.insert(here, row, copies))

    async def multiply(self, rows: int) -> int:
        """See `GrowableDatabase` in database.py."""
        return await self.admin.run(
            self.name,
            lambda here: row_graphs.multiply(here, rows),
            seconds=row_graphs.STATEMENT_SECONDS,
        )

    async def create(self) -> None:
        """Create the database and its user. Raises `DatabaseError`."""
        await self.admin.run("", lambda here: _create(here, self))

    async def reset(self) -> None:
        """See `Database` in database.py."""

        def recreate(connection: Connection) -> None:
            _drop(connection, self.name)
            rows(connection, f"CREATE DATABASE {identifier(self.name)} {LETTERS}")

        await self.admin.run("", recreate)

    async def allow_own_tests(self) -> None:
        """See `Resource` in base.py: tests often create a database of their own."""

        def grant(connection: Connection) -> None:
            for pattern in (*TEST_DATABASES, f"{self.name}%"):
                _grant(connection, pattern, self)

        await self.admin.run("", grant)

    async def drop(self) -> None:
        """Drop the database, its user and its copies; what the user's own tests created stays."""

        def drop(connection: Connection) -> None:
            for each in (self, *self.copies):
                _drop(connection, each.name)
                rows(connection, "DROP USER IF EXISTS %s@%s", (each.owner.user, each.client_host))

        await self.admin.run("", drop)


def planned(
    admin: Login, *, client_host: str, limit: int = 0, log_switch: LogSwitch | None = None
) -> Database:
    """Return a database that is still to be created, with a login of its own."""
    name = f"app_{secrets.token_hex(6)}"
    owner = Login(admin.host, admin.port, name, secrets.token_urlsafe(18))
    return Database(name, owner, admin, client_host, limit, log_switch)


def _create(connection: Connection, database: Database, letters: str = LETTERS) -> None:
    owner = database.owner
    rows(connection, f"CREATE DATABASE {identifier(database.name)} {letters}")
    rows(
        connection,
        "CREATE USER %s@%s IDENTIFIED BY %s WITH MAX_USER_CONNECTIONS %s",
        (owner.user, database.client_host, owner.password, database.limit),
    )
    _grant(connection, database.name.replace("_", "\\_"), database)


def _drop(connection: Connection, name: str) -> None:
    """Drop a database; whoever uses it would otherwise be waited for."""
    found_sessions.terminate(connection, found_sessions.of_database(connection, name))
    rows(connection, f"DROP DATABASE IF EXISTS {identifier(name)}")


def _grant(connection: Connection, pattern: str, database: Database) -> None:
    """Grant the owner of a database all rights on the databases that match `pattern`."""
    names = identifier(pattern).replace("%", "%%")
    statement = f"GRANT ALL PRIVILEGES ON {names}.* TO %s@%s"
    rows(connection, statement, (database.owner.user, database.client_host))
