"""The configuration files of an ASP.NET Core server: which variables lead it to port and database.

A variable wins over appsettings.json: `ConnectionStrings__Default` over "ConnectionStrings":
{"Default": ...}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksample.stacks.csharp.projects import Project, sources_of, with_references
from worksample.stacks.csharp.sdks import without_comments

URL = "http://{host}:{port}"
FILES = ("appsettings.json", "appsettings.Production.json")
MAX_BYTES = 256 * 1024
MYSQL_PACKAGES = ("mysqlconnector", "mysql.data", "pomelo.entityframeworkcore.mysql",
                  "mysql.entityframeworkcore", "microsoft.entityframeworkcore.mysql")  # fmt: skip
POSTGRES_PACKAGES = (
    "npgsql",
    "npgsql.entityframeworkcore.postgresql",
    "npgsql.dependencyinjection",
)
_NAMED = re.compile(
    r'(?:GetConnectionString\(\s*|\["ConnectionStrings:|<string>\("ConnectionStrings:)"?([\w-]+)"'
)
#: The keys that a connection string of a relational database has.
_OF_A_DATABASE = re.compile(r"(?i)(?:^|;)\s*(?:host|server|data source|port|database|user ?id)\s*=")
_NOT_A_DATABASE = re.compile(r"(?i)redis|cache|rabbit|queue|bus|mongo|blob|storage|kafka|signalr")
_PLAIN_HTTP = re.compile(r"(?i)http://")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the configuration files of a server say: the first value of each name counts."""

    tables: tuple[Mapping[str, Any], ...]
    named_in_code: frozenset[str]
    packages: frozenset[str]

    @classmethod
    def of(cls, server: Project) -> Configuration:
        """Read the configuration of a server, and the names that its code asks for."""
        projects = list(with_references(server))
        named = frozenset(
            name
            for project in projects
            for path in sources_of(project)
            for name in _NAMED.findall(path.read_text(encoding="utf-8", errors="replace"))
        )
        files = (server.folder / name for name in reversed(FILES))
        return cls(
            tuple(filter(None, map(_read, files))),
            named,
            frozenset(name for each in projects for name in each.packages),
        )

    def environment(self) -> dict[str, str]:
        """Return the variables that the server needs, with placeholders."""
        return {
            "ASPNETCORE_URLS": URL,
            **dict(self._addresses()),
            **{f"ConnectionStrings__{name}": text for name, text in self._connections()},
        }

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Yield the variables that replace an address that is written in a file."""
        if any(_value(each, "Urls") for each in self.tables):
            yield "URLS", URL  # it wins over the file, as ASPNETCORE_URLS does not
        for table in self.tables:
            endpoints = _value(_value(table, "Kestrel"), "Endpoints")
            for name, each in endpoints.items() if isinstance(endpoints, Mapping) else ():
                if _PLAIN_HTTP.match(str(_value(each, "Url"))):
                    yield f"Kestrel__Endpoints__{name}__Url", URL
                    return

    def _connections(self) -> Iterator[tuple[str, str]]:
        service = self._service()
        stated = dict(self._stated_connections())
        for name in sorted({*stated, *self.named_in_code}) if service else ():
            text = stated.get(name, "")
            if (not text and not _NOT_A_DATABASE.search(name)) or _OF_A_DATABASE.search(text):
                yield name, f"{{{service}.ado}}"

    def _stated_connections(self) -> Iterator[tuple[str, str]]:
        for table in reversed(self.tables):
            found = _value(table, "ConnectionStrings")
            yield from ((name, str(text)) for name, text in _items(found))

    def _service(self) -> str:
        """Return the service whose driver the server uses."""
        if not self.packages.isdisjoint(POSTGRES_PACKAGES):
            return "postgres"
        return "mysql" if not self.packages.isdisjoint(MYSQL_PACKAGES) else ""


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        content = json.loads(without_comments(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _value(table: Any, name: str) -> Any:
    """Return the value of a name, in any case, or an empty text."""
    found = (value for key, value in _items(table) if key.lower() == name.lower())
    return next(found, "")


def _items(table: Any) -> Iterable[tuple[str, Any]]:
    return table.items() if isinstance(table, Mapping) else ()
