"""Which services a challenge needs, and which of them a workspace chooses.

In challenge.toml, a list under a name of its own is a choice, whose first entry is the default:

    [services]
    database = ["postgres", "mysql"]
    required = ["redis"]
    optional = ["mailbox"]

`services = ["postgres"]` is short for a table with `required` alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.settings import Settings, location

REQUIRED, OPTIONAL = "required", "optional"
#: The choice in which a starter may be had on each.
DATABASE = "database"


@dataclass(frozen=True, slots=True)
class ServiceNeeds:
    """The names of services: those always needed, those of which one is, and those that may be.

    `choices` is the name of a choice -> the services to choose from, the default first.
    """

    required: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    @classmethod
    def read(cls, value: Any) -> ServiceNeeds:
        """Return the needs that `services` in challenge.toml states; raises `ValueError`."""
        if mistakes := list(mistakes_in(value)):
            raise ValueError("; ".join(mistakes))
        table = value if isinstance(value, dict) else {REQUIRED: value}
        lists = {key: tuple(names) for key, names in table.items()}
        required, optional = lists.pop(REQUIRED, ()), lists.pop(OPTIONAL, ())
        return cls(required, lists, optional)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each once."""
        chosen = (name for names in self.choices.values() for name in names)
        return tuple(dict.fromkeys((*chosen, *self.required, *self.optional)))

    def choose(self, settings: Settings, used: Collection[str] = ()) -> tuple[str, ...]:
        """Return the services to start for a workspace with these settings.

        Where they leave a choice open, the only one of its services that the project uses (`used`)
        is taken, else the default; where they do not say which optional ones it wants, those that
        it uses. Raises `WorkspaceError` for a choice or a service that the
        challenge does not offer.
        """
        own = settings.services
        for key, value in own.items():
            self._require_offered(settings, key, value)
        chosen = [
            str(own[key]) if key in own else _likely(names, used)
            for key, names in self.choices.items()
        ]
        likely = [name for name in self.optional if name in used]
        return tuple(dict.fromkeys((*chosen, *self.required, *own.get(OPTIONAL, likely))))

    def are_open(self, settings: Settings) -> bool:
        """Whether these settings leave a choice to what the project uses."""
        names = {*self.choices, *([OPTIONAL] if self.optional else [])}
        return bool(names - settings.services.keys())

    def _require_offered(self, settings: Settings, key: str, value: Any) -> None:
        offers = {**self.choices, OPTIONAL: self.optional}
        wanted = list(value) if key == OPTIONAL else [value]
        if key in offers and set(wanted) <= set(offers[key]):
            return
        offered = "; ".join(
            f"{each}: {', '.join(names)}" for each, names in offers.items() if names
        )
        place, wrong = location(settings, ("services", key)), ", ".join(map(str, wanted))
        raise WorkspaceError(
            message(
                "{place}: services.{key}: the challenge does not offer {wrong}",
                place=place,
                key=key,
                wrong=wrong,
            ),
            hint=message("it offers {offered}", offered=offered)
            if offered
            else "it offers no choice of services",
        )


def _likely(names: Sequence[str], used: Collection[str]) -> str:
    found = [name for name in names if name in used]
    return found[0] if len(found) == 1 else names[0]


def mistakes_in(value: Any, known: Collection[str] = ()) -> Iterator[str]:
    """Yield what is wrong with `services` in challenge.toml; `known` are the services that exist.

    Names are not looked up if `known` is empty.
    """
    if not isinstance(value, dict | list):
        yield "`services` must be a table or a list of names"
        return
    for key, names in (value if isinstance(value, dict) else {REQUIRED: value}).items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield message("`services.{key}` must be a list of names", key=key)
        elif not names and key not in (REQUIRED, OPTIONAL):
            yield message("`services.{key}` must name at least one service to choose", key=key)
        else:
            for name in names:
                if known and name not in known:
                    yield message(
                        "no service is called `{name}`; there are {known}",
                        name=name,
                        known=", ".join(sorted(known)),
                    )


def line_of(text: str, message: str) -> int:
    """Return the line of challenge.toml (`text`) that a message of `mistakes_in` is about."""
    found = re.search(r"called `([^`]*)`|`services\.([^`]*)`", message)
    name, key = found.groups() if found else (None, None)
    pattern = f'"{re.escape(name)}"' if name else rf"^{re.escape(key or 'services')}\b"
    at = re.search(pattern, text, re.M) or re.search(r"^\[?services\b", text, re.M)
    return text.count("\n", 0, at.start()) + 1 if at else 1
