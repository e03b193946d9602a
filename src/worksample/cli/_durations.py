"""Durations as options: `90s`, `2m`, `1m30s`."""

from __future__ import annotations

import re

import click

from worksample.messages import message

_DURATION = re.compile(r"(?=.)(?:(\d+(?:\.\d+)?)m(?:in)?)?(?:(\d+(?:\.\d+)?)s?)?", re.ASCII)


def seconds_of(text: str) -> float | None:
    """Return the seconds that `text` stands for (a bare number is seconds); None if none do."""
    found = _DURATION.fullmatch(text.strip().lower())
    return float(found[1] or 0) * 60 + float(found[2] or 0) if found else None


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Return the seconds; 0 if the option is not used. Raises `BadParameter`."""
    if ctx.get_parameter_source(param.name or "") is click.core.ParameterSource.DEFAULT:
        return 0.0
    seconds = seconds_of(value)
    if seconds is None or seconds < 1:
        wrong = message(
            "{value} is not a time of at least a second; write 60s, 90s or 2m.", value=repr(value)
        )
        raise click.BadParameter(wrong, ctx, param)
    return seconds


budget_option = click.option(
    "--budget",
    default="",
    metavar="TIME",
    callback=_seconds,
    help="Only the checks that tell most within this time, like 60s or 2m.",
)
