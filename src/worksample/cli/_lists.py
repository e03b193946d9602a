"""Options that take a list: `--only X,Y`, or the option repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def only_option(words: str) -> Callable[[Command], Command]:
    """Return the option `--only`, with `words` as its help; its value is the names, with commas."""
    return click.option("--only", multiple=True, metavar="X,...", callback=_joined, help=words)


def _joined(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str:
    return ",".join(values)
