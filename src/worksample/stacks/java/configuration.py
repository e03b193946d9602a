"""What Spring's application.properties and application.yml say: the port, required variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 256 * 1024
NAMES = ("application.properties", "application.yml", "application.yaml")
_RESOURCES = Path("src", "main", "resources")
_PORT_PROPERTY = re.compile(r"^[ \t]*server\.port[ \t]*[=:][ \t]*(\S+)", re.MULTILINE)
_PORT_IN_YAML = re.compile(
    r"^server:[ \t]*(?:#[^\n]*)?\n(?:[ \t][^\n]*\n|\n)*?[ \t]+port:[ \t]*([^\s#]+)",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]{1,63})\}")
_COMMENT = re.compile(r"^[ \t]*[#!][^\n]*", re.MULTILINE)
#: Lines that Worksample's own variables override, so that what they refer to is not needed.
_OVERRIDDEN = re.compile(
    r"^[ \t]*(?:server\.port|spring\.datasource\.(?:url|username|password)"
    r"|(?:url|username|password|port))[ \t]*[=:][^\n]*",
    re.MULTILINE,
)
#: What every server gets.
GIVEN = frozenset(
    (
        *("PORT", "HOST", "HOME", "PATH", "LANG", "TMPDIR", "SECRET_KEY", "JWT_SECRET"),
        *("DATABASE_URL", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "JAVA_HOME"),
        *("SERVER_PORT", "SPRING_DATASOURCE_URL", "SPRING_DATASOURCE_USERNAME"),
        "SPRING_DATASOURCE_PASSWORD",
    )
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A file of Spring's configuration: its name, the port as it is written, and the variables.

    `required` are environment variables without a default that nobody sets.
    """

    name: str
    port: str
    required: tuple[str, ...]


def configurations(module: Path) -> Iterator[Configuration]:
    """Yield the configuration that the module in the folder `module` always reads."""
    for folder in (module / _RESOURCES, module / _RESOURCES / "config", module / "config", module):
        for name in NAMES:
            path = folder / name
            if text := _read(path):
                found = _PORT_IN_YAML if path.suffix != ".properties" else _PORT_PROPERTY
                port = found.search(text) or _PORT_PROPERTY.search(text)
                yield Configuration(
                    path.relative_to(module).as_posix(),
                    port[1].strip("\"'") if port else "",
                    tuple(_required(text)),
                )


def _required(text: str) -> Iterator[str]:
    needed = _OVERRIDDEN.sub("", _COMMENT.sub("", text))
    yield from dict.fromkeys(each for each in _VARIABLE.findall(needed) if each not in GIVEN)


def _read(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
