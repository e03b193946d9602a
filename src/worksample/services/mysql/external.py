"""A MySQL or MariaDB server that runs already (--mysql), and what it must allow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from urllib.parse import unquote, urlsplit

from worksample.errors import DatabaseAddressError, DatabaseError, UserError
from worksample.messages import message
from worksample.services.mysql import databases
from worksample.services.mysql.databases import Database
from worksample.services.mysql.login import Connection, Login, rows
from worksample.services.mysql.sessions import terminate

SCHEMES = ("mysql", "mariadb")
PORT = 3306
_STATED = "SELECT version(), current_user(), user()"
_EXAMPLE = "mysql://user:password@127.0.0.1:3306"


class ExternalServer:
    """A server of somebody else; what is created on it is dropped when the run ends.

    `account` is that of Worksample, such as `root@%`, and `client_host` the host from which the
    server sees this machine's connections come.
    """

    def __init__(self, admin: Login, version: str, account: str, client_host: str) -> None:
        self.admin, self.account, self.client_host = admin, account, client_host
        self._version = version
        self._stack = AsyncExitStack()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[ExternalServer]:
        """Use the server at `url`; drop the databases and users created on it afterwards.

        Raises `DatabaseAddressError` if the URL is invalid or the server accepts no connection.
        """
        admin = _login(url)
        try:
            [(version, account, client)] = await admin.run("", lambda here: rows(here, _STATED))
        # ValueError is for a host that is no name, RuntimeError for a login that PyMySQL cannot do.
        except (DatabaseError, RuntimeError, ValueError) as error:
            raise DatabaseAddressError(
                message(
                    "Cannot connect to MySQL at {host}:{port}: {error}",
                    host=admin.host,
                    port=admin.port,
                    error=error,
                ),
                hint="check host, port, user and password, and that the server is running",
            ) from error
        server = cls(admin, str(version), str(account), str(client).rpartition("@")[2])
        async with server._stack:
            yield server

    async def version(self) -> str:
        """See `Server` in base.py."""
        return self._version

    async def create_resource(self) -> Database:
        """See `Server` in base.py."""
        made = databases.planned(self.admin, client_host=self.client_host)
        try:
            await made.create()
        except DatabaseError as error:
            with suppress(DatabaseError):
                await made.drop()
            raise self._refused(error) from error
        self._stack.push_async_callback(made.drop)
        try:
            await self._require_rights(made)
        except DatabaseError as error:
            raise self._refused(error) from error
        return made

    async def _require_rights(self, database: Database) -> None:
        """Raise `DatabaseError` unless lock waits can be seen and sessions of others be ended."""
        locks = database.lock_monitor()
        try:
            await locks.waiting()
        finally:
            await locks.close()

        def end(theirs: Connection) -> None:
            [(session,)] = rows(theirs, "SELECT connection_id()")
            with self.admin.connect() as own:
                terminate(own, [session])

        await database.owner.run(database.name, end)

    def _refused(self, error: DatabaseError) -> UserError:
        user, _, client = self.account.rpartition("@")
        return UserError(
            message(
                "the user {user} may not do all that Worksample needs on {host}:{port} (create "
                "databases and users, see lock waits, end sessions): {error}",
                user=user,
                host=self.admin.host,
                port=self.admin.port,
                error=error,
            ),
            hint=message(
                "have an administrator run: GRANT ALL PRIVILEGES ON *.* TO '{user}'@'{client}' "
                "WITH GRANT OPTION",
                user=user,
                client=client,
            ),
        )


def _login(url: str) -> Login:
    """Return the login that a URL names; raises `DatabaseAddressError` if it is invalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise _invalid(error) from error
    if parts.scheme not in SCHEMES or not host or not parts.username:
        raise _invalid(message("it must be like {example}", example=_EXAMPLE))
    # Some clients take `localhost` for a socket file.
    address = "127.0.0.1" if host == "localhost" else host
    return Login(address, port, unquote(parts.username), unquote(parts.password or ""))


def _invalid(error: object) -> DatabaseAddressError:
    return DatabaseAddressError(message("Invalid MySQL URL: {error}", error=error))
