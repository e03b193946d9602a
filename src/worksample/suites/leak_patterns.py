"""Patterns of hashes, secrets and server internals in response bodies."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from worksample.probes.exchange import Exchange, Request

HASH = re.compile(
    rb"\$2[abxy]\$\d\d\$|\$argon2|\$scrypt\$|\$pbkdf2|pbkdf2[_:]sha|pbkdf2:|scrypt:\d+:|\$7\$|\$y\$"
)
SECRET_NAME = re.compile(
    rb'"(?:[a-z]+_?)?(?:password|passwd|pwd|hash|salt|secret)(?:_?[a-z]+)?"\s*:\s*"', re.I
)
_PATTERNS = {
    "a Python stack trace": rb"Traceback \(most recent call last\)|File \\?\"[^\"]+\.py\\?\", line",
    "a JavaScript stack trace": rb"\bat [\w.<>$ ]*\(?(?:file://|node:|/)[^)\s]+:\d+:\d+",
    "a Java stack trace": rb"\bat [\w.$]+\([\w]+\.java:\d+\)|java\.lang\.\w+Exception",
    "a .NET stack trace": rb"\bat [\w.`]+\(.*\) in .+:line \d+|System\.\w+Exception",
    "a Go stack trace": rb"goroutine \d+ \[|panic: runtime error",
    "a page of the debug mode": rb"<code>DEBUG = True</code>|Using the URLconf defined in"
    rb"|The debugger caught an exception in your WSGI application",
    "an error of the database": rb"(?i)syntax error at or near|violates (?:unique|foreign key|"
    rb"not-null|check) constraint|relation \\?\"|SQLSTATE|psycopg|asyncpg|invalid input syntax for|"
    rb"invalid byte sequence for|current transaction is aborted|unterminated quoted|"
    rb"value too long for type|out of range for type|QueryFailedError|PG::|Npgsql|PSQLException",
    "an SQL statement": rb"\bSELECT .{1,80} FROM \W?\w|\bINSERT INTO \W?\w+|\bUPDATE \W?\w+\W? SET|"
    rb"\bDELETE FROM \W?\w|\bselect (?:\*|\w+\.\w+|\\?\"\w+).{0,80} from \W?\w|"
    rb"\binsert into \W?\w+\W? \(",
    "a path on the server": rb"/(?:usr|home|root|app|opt|srv|var|tmp)/[\w.-]+/[\w./-]+"
    rb"|site-packages|node_modules",
}
INTERNALS = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}


def leaked_match(pattern: re.Pattern[bytes], exchange: Exchange) -> bytes:
    """Return the first match of `pattern` in the response body that the request did not contain."""
    assert exchange.response is not None
    for found in pattern.finditer(exchange.response.body):
        if found.group() not in _request_text(exchange.request):
            return found.group()
    return b""


def _request_text(request: Request) -> bytes:
    target = request.target.encode("latin-1", "replace")
    return b"\n".join((target, unquote_to_bytes(target), request.body))
