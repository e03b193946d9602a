"""The rules for values of worksample.toml: each returns the value, or raises `ValueError`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from worksample.messages import message

CommandLine = str | tuple[str, ...]


def text(value: Any) -> str:
    """Return `value` as text, as an environment has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return only_text(value)


def only_text(value: Any) -> str:
    """Return `value`, a text."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(message("must be a string in quotes, not {value}", value=repr(value)))
    return value


def command_line(value: Any) -> CommandLine:
    """Return a command."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError("must be a command: a string, or a list of program and arguments")


def optional_command_line(value: Any) -> CommandLine:
    """Return a command, or "" for none."""
    return "" if value == "" else command_line(value)


def command_lines(value: Any) -> tuple[CommandLine, ...]:
    """Return one command, or several."""
    if isinstance(value, list) and value and all(isinstance(each, list) for each in value):
        return tuple(command_line(each) for each in value)
    return (command_line(value),)


def seconds(value: Any) -> float:
    """Return a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 600:
        raise ValueError(
            message(
                "must be a number of seconds above 0 and at most 600, not {value}",
                value=repr(value),
            )
        )
    return float(value)


def port(value: Any) -> int:
    """Return a port."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise ValueError(message("must be a port from 1 to 65535, not {value}", value=repr(value)))
    return value


def version(value: Any) -> str:
    """Return the version of a language."""
    if not isinstance(value, str) or not re.fullmatch(r"\d+(\.\d+){0,2}", value):
        raise ValueError(
            message('must be a version in quotes, such as "3.12", not {value}', value=repr(value))
        )
    return value


def path(value: Any) -> str:
    """Return the path of a URL."""
    text = only_text(value)
    if not re.fullmatch(r"/[!-~]*", text):
        raise ValueError(
            message(
                "must be a path that starts with / and has no spaces, not {value}",
                value=repr(value),
            )
        )
    return text


def base_path(value: Any) -> str:
    """Return the path prefix of an API, without a slash at its end."""
    return "" if value in ("", "/") else path(value).rstrip("/")


def relative_folder(value: Any) -> str:
    """Return a folder inside the project."""
    text = only_text(value)
    if text.startswith("/") or ".." in Path(text).parts:
        raise ValueError(
            message("must be a folder inside the project, not {value}", value=repr(value))
        )
    return text or "."


def patterns(value: Any) -> tuple[str, ...]:
    """Return one or several patterns of files inside the project."""
    found = value if isinstance(value, list) and value else [value]
    return tuple(relative_folder(each) for each in found)


def service(value: Any) -> Any:
    """Return the name of a chosen service, or the list of the optional ones."""
    if isinstance(value, list):
        return tuple(only_text(each) for each in value)
    return only_text(value)
