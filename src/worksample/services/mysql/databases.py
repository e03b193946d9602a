"""Databases for targets, each with its own user."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from worksample.services.mysql.login import Connection, Login, identifier, rows

PLACEHOLDERS = ("url", "host", "port", "user", "password", "database", "jdbc", "dsn", "ado")
#: The databases that tests usually create for themselves: `test_shop`, `shop_test`.
TEST_DATABASES = ("test%", "%test")


@dataclass(frozen=True, slots=True)
class Database:
    """A database for one target: `owner` is the login for it, `admin` the one for Worksample."""

    name: str
    owner: Login
    admin: Login

    @property
    def url(self) -> str:
        """The URL for the target."""
        return self.owner.url(self.name)

    @property
    def placeholders(self) -> dict[str, str]:
        """See `Resource` in base.py; `jdbc` has no user and password, `dsn` is Go's form."""
        owner, address = self.owner, f"{self.owner.host}:{self.owner.port}"
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

    async def allow_own_tests(self) -> None:
        """See `Resource` in base.py: tests often create a database of their own."""

        def grant(connection: Connection) -> None:
            for pattern in (*TEST_DATABASES, f"{self.name}%"):
                _grant(connection, pattern, self.owner)

        await self.admin.run("", grant)

    async def drop(self) -> None:
        """Drop the database and its user; what the user's own tests created stays."""

        def drop(connection: Connection) -> None:
            rows(connection, f"DROP DATABASE IF EXISTS {identifier(self.name)}")
            rows(connection, "DROP USER IF EXISTS %s@%s", (self.owner.user, self.owner.host))

        await self.admin.run("", drop)


async def create(admin: Login) -> Database:
    """Create a database with its own user. Raises `DatabaseError`."""
    name = f"app_{secrets.token_hex(6)}"
    owner = Login(admin.host, admin.port, name, secrets.token_urlsafe(18))

    def work(connection: Connection) -> None:
        rows(connection, f"CREATE DATABASE {identifier(name)}")
        rows(
            connection,
            "CREATE USER %s@%s IDENTIFIED BY %s",
            (owner.user, owner.host, owner.password),
        )
        _grant(connection, name.replace("_", "\\_"), owner)

    await admin.run("", work)
    return Database(name, owner, admin)


def _grant(connection: Connection, pattern: str, owner: Login) -> None:
    """Grant all rights on the databases that match `pattern`."""
    names = identifier(pattern).replace("%", "%%")
    statement = f"GRANT ALL PRIVILEGES ON {names}.* TO %s@%s"
    rows(connection, statement, (owner.user, owner.host))
