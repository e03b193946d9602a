"""`worksample.toml`: settings that cannot be detected from the project's files."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks import setting_values as rules
from worksample.stacks.setting_values import CommandLine as CommandLine

SETTINGS_FILE = "worksample.toml"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
BUILTIN_PLACEHOLDERS = ("port", "host", "secret")


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of worksample.toml; each field defaults to the value of a missing key.

    Commands are shell text or a tuple of program and arguments. `cwd` is relative to the project,
    times are in seconds, `ready` is "" when no path is configured, and `port` is 0 when the server
    listens on $PORT. `release` is None when not configured and "" for no release command.
    `versions` holds, by the name of a stack, the version of its language that was chosen;
    `service_ports` by service the port on which the server expects it. `test_command`,
    `other_order`, `test_files` and `test_timeout` say how tests over HTTP are run (`[test]`).
    """

    challenge: str = ""
    kind: str = ""
    spec: str = ""
    stack: str = ""
    build: tuple[CommandLine, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    command: CommandLine = ""
    release: CommandLine | None = None
    cwd: str = "."
    ready: str = ""
    start_timeout: float = 60.0
    stop_timeout: float = 10.0
    port: int = 0
    base_path: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    dialect: Mapping[str, Any] = field(default_factory=dict)
    services: Mapping[str, Any] = field(default_factory=dict)
    service_ports: Mapping[str, int] = field(default_factory=dict)
    test_command: CommandLine = ""
    other_order: CommandLine = ""
    test_files: tuple[str, ...] = ()
    test_timeout: float = 300.0
    source: Path | None = None

    @property
    def has_fixed_port(self) -> bool:
        """Whether a port is fixed, so that only one copy of the server can run at a time."""
        return bool(self.port or self.service_ports)


def load_settings(folder: Path) -> Settings:
    """Read the worksample.toml of `folder`; return the defaults if there is none.

    Raises `WorkspaceError`, which lists file, line and key of every error.
    """
    path = folder / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=path, error=error)
        ) from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(
            message("{path} is not valid TOML: {error}", path=path, error=error)
        ) from error
    versioned = _versioned_languages() if "build" in table else ()
    return _SettingsReader(path, text, versioned).read(table)


def _versioned_languages() -> list[str]:
    from worksample.stacks.base import stacks  # it imports this module for what a stack reads

    return [name for name, stack in stacks().items() if stack.chooses_version]


class _SettingsReader:
    """Reads the table key by key and collects all errors.

    `versioned` names the languages of which `[build]` can choose a version.
    """

    def __init__(self, path: Path, text: str, versioned: Collection[str] = ()) -> None:
        self.path = path
        self.versioned = versioned
        self.lines = text.splitlines()
        self.errors: list[str] = []

    def read(self, table: Mapping[str, Any]) -> Settings:
        values: dict[str, Any] = {"source": self.path}
        for key, value in table.items():
            self._read_top_level(key, value, values)
        if self.errors:
            raise WorkspaceError(
                "\n".join(self.errors), hint="docs/bring-your-own.md documents every key"
            )
        return Settings(**values)

    def _read_top_level(self, key: str, value: Any, values: dict[str, Any]) -> None:
        if key == "services" and isinstance(value, dict):
            own = {name: each for name, each in value.items() if isinstance(each, dict)}
            values["service_ports"] = self._read_service_ports(own)
            value = {name: each for name, each in value.items() if name not in own}
        if key in TABLES:
            values[key] = self._read_table(key, value, TABLES[key])
        elif key in SECTIONS:
            for inner, each in self._read_table(key, value, lambda each: each).items():
                if key == "build" and inner in self.versioned:
                    self._read_version((key, inner), each, values.setdefault("versions", {}))
                else:
                    self._read_key((key, inner), each, SECTIONS[key], values)
        elif key in TOP_LEVEL_KEYS:
            self._read_key((key,), value, TOP_LEVEL_KEYS, values)
        else:
            self._add_unknown_key((key,), [*TOP_LEVEL_KEYS, *SECTIONS, *TABLES])

    def _read_version(self, key: tuple[str, ...], value: Any, versions: dict[str, str]) -> None:
        try:
            versions[key[-1]] = rules.version(value)
        except ValueError as error:
            self._add_error(key, str(error))

    def _read_service_ports(self, tables: Mapping[str, dict[str, Any]]) -> dict[str, int]:
        """Return the ports in the tables of services, such as `[services.postgres]`."""
        ports: dict[str, Any] = {}
        for service, table in tables.items():
            for inner, each in table.items():
                self._read_key(
                    ("services", service, inner), each, {"port": (service, rules.port)}, ports
                )
        return ports

    def _read_table(self, key: str, value: Any, convert: Callable[[Any], Any]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._add_error((key,), message("must be a table: [{key}]", key=key))
            return {}
        kept = {}
        for inner, each in value.items():
            try:
                kept[inner] = convert(each)
            except ValueError as error:
                self._add_error((key, inner), str(error))
        return kept

    def _read_key(
        self,
        key: tuple[str, ...],
        value: Any,
        known_keys: Mapping[str, KeyRule],
        values: dict[str, Any],
    ) -> None:
        rule = known_keys.get(key[-1])
        if rule is None:
            self._add_unknown_key(key, list(known_keys))
            return
        name, convert = rule
        try:
            values[name] = convert(value)
        except ValueError as error:
            self._add_error(key, str(error))

    def _add_unknown_key(self, key: tuple[str, ...], known_keys: Sequence[str]) -> None:
        matches = difflib.get_close_matches(key[-1], known_keys, 1)
        meant = (
            message("did you mean {key}?", key=matches[0])
            if matches
            else message("known keys: {known}", known=", ".join(sorted(known_keys)))
        )
        self._add_error(key, message("unknown key; {meant}", meant=meant))

    def _add_error(self, key: tuple[str, ...], what: str) -> None:
        line = self.line(key)
        self.errors.append(f"{self.path}:{line}: {'.'.join(key)}: {what}")

    def line(self, key: tuple[str, ...]) -> int:
        """Return the line number of a key, or 1 if its notation is not supported here."""
        section = ""
        for number, line in enumerate(self.lines, 1):
            if header := re.match(r"\s*\[\s*([\w.\"-]+)\s*\]", line):
                section = header[1].strip('"')
                if section == ".".join(key):
                    return number
            elif re.match(rf"\s*\"?{re.escape(key[-1])}\"?\s*[=.]", line):
                if section == ".".join(key[:-1]):
                    return number
            elif len(key) > 1 and re.match(rf"\s*{re.escape('.'.join(key))}\s*=", line):
                return number
        return 1


#: The tables whose keys are free, with the rule for their values.
TABLES: dict[str, Callable[[Any], Any]] = {
    "env": rules.text,
    "dialect": lambda each: each,
    "services": rules.service,
}
KeyRule = tuple[str, Callable[[Any], Any]]
TOP_LEVEL_KEYS: dict[str, KeyRule] = {
    "challenge": ("challenge", rules.only_text),
    "kind": ("kind", rules.only_text),
    "spec": ("spec", rules.only_text),
    "stack": ("stack", rules.only_text),
    "base_path": ("base_path", rules.base_path),
}
SECTIONS: dict[str, dict[str, KeyRule]] = {
    "build": {"command": ("build", rules.command_lines)},
    "run": {
        "command": ("command", rules.command_line),
        "release": ("release", rules.optional_command_line),
        "cwd": ("cwd", rules.relative_folder),
        "ready": ("ready", rules.path),
        "start_timeout": ("start_timeout", rules.seconds),
        "stop_timeout": ("stop_timeout", rules.seconds),
        "port": ("port", rules.port),
    },
    "test": {
        "command": ("test_command", rules.command_line),
        "other_order": ("other_order", rules.command_line),
        "files": ("test_files", rules.patterns),
        "timeout": ("test_timeout", rules.seconds),
    },
}


def folders_above(server_folder: Path, settings: Settings) -> list[Path]:
    """Return the folders of the project above that of its server, from the nearest on."""
    depth = len(Path(settings.cwd).parts)
    return list(server_folder.parents)[:depth]


def fill_placeholders(settings: Settings, values: Mapping[str, str]) -> dict[str, str]:
    """Return [env] with its placeholders replaced by `values` (`postgres.host` -> `127.0.0.1`).

    Braces around other text remain unchanged. Raises `WorkspaceError` for a placeholder that is not
    in `values`; its hint lists the known ones.
    """

    def replace(match: re.Match[str]) -> str:
        if match[1] not in values:
            known_placeholders = " ".join(f"{{{each}}}" for each in sorted(values))
            raise WorkspaceError(
                message(
                    "{place}: env.{name}: unknown placeholder {found}",
                    place=location(settings, ("env", name)),
                    name=name,
                    found=match[0],
                ),
                hint=message("known placeholders: {known}", known=known_placeholders),
            )
        return values[match[1]]

    filled = {}
    for name, text in settings.env.items():
        filled[name] = PLACEHOLDER.sub(replace, text)
    return filled


def location(settings: Settings, key: tuple[str, ...]) -> str:
    """Return file and line of a key, such as `("env", "DB_HOST")`."""
    if settings.source is None:
        return SETTINGS_FILE
    try:
        text = settings.source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return str(settings.source)
    return f"{settings.source}:{_SettingsReader(settings.source, text).line(key)}"
