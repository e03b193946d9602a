"""The forms of a report: one module per form, found by its name.

A form is a module with `TITLE` (its name for people), `SUFFIX` (of its files), `SUMMARY` (what it
is, in a few words) and `render(report) -> bytes`. Packages in this folder hold what forms share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from worksample import discovery

if TYPE_CHECKING:
    from worksample.grading import Report


class Form(Protocol):
    """The interface of a form."""

    TITLE: str
    SUFFIX: str
    SUMMARY: str

    def render(self, report: Report) -> bytes:
        """Return `report` in this form, as UTF-8."""


def forms() -> list[str]:
    """Return the names of all forms."""
    return [found.name for found in discovery.modules(__name__) if not found.ispkg]


def form(name: str) -> Form:
    """Return the form called `name`; raise `KeyError` if there is none, or `PluginError`."""
    if name not in forms():
        raise KeyError(name)
    found: Form = discovery.completed(discovery.load(__name__, name), Form, f"{__name__}.{name}")
    return found


__all__ = ["Form", "form", "forms"]
