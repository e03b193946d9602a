"""Detection of a server's dialect, with what a challenge knows of existing servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from worksample.checks.answer import Answer
from worksample.checks.base_paths import Works, find_prefix
from worksample.checks.context import CheckContext
from worksample.checks.dialect import Dialect, Meaning
from worksample.checks.outcome import CheckFailed
from worksample.checks.world import World
from worksample.errors import WorkspaceError
from worksample.messages import message


@dataclass(frozen=True)
class KnownDeviations:
    """How existing servers deviate from the contract of a challenge.

    also_allowed: by meaning, statuses that a public specification allows beside the contract's.
    statuses: by meaning, what existing servers answer instead. No other status is detected, or may
        be declared.
    prefixes, schemes: base paths and schemes of the Authorization header, that of the contract
        first.
    """

    also_allowed: Mapping[Meaning, Sequence[int]]
    statuses: Mapping[Meaning, Sequence[int]]
    prefixes: Sequence[str]
    schemes: Sequence[str]

    def allowed_dialect(self, context: CheckContext) -> Dialect:
        """Return the dialect that contract, public specification and workspace allow.

        Raises `WorkspaceError` when the `[dialect]` table of worksample.toml has an unknown key or
        a status that no known server uses.
        """
        dialect = Dialect(prefix=self.prefixes[0], scheme=self.schemes[0])
        for meaning, statuses in self.also_allowed.items():
            dialect = dialect.with_allowed(meaning, *statuses)
        for key, value in context.declared.items():
            dialect = self._apply_declaration(dialect, key, value)
        return dialect

    def _apply_declaration(self, dialect: Dialect, key: str, value: Any) -> Dialect:
        names = {meaning.replace(" ", "-"): meaning for meaning in self.statuses}
        if key not in names:
            known = ", ".join(sorted(names))
            raise WorkspaceError(
                message(
                    "worksample.toml: [dialect] has an unknown key {key}; known keys: {known}.",
                    key=repr(key),
                    known=known,
                )
            )
        meaning = names[key]
        statuses = value if isinstance(value, list) else [value]
        wrong = [status for status in statuses if status not in self.statuses[meaning]]
        if wrong:
            choices = ", ".join(map(str, self.statuses[meaning]))
            raise WorkspaceError(
                message(
                    "worksample.toml: [dialect] {key} = {wrong} is not a known status.",
                    key=key,
                    wrong=repr(wrong[0]),
                ),
                hint=message("Use one or several of {choices}.", choices=choices),
            )
        said = " and ".join(map(str, statuses))
        return dialect.with_allowed(meaning, *statuses).with_note(
            message("Declared: {said} means “{meaning}”.", said=said, meaning=meaning)
        )

    async def learn_prefix(self, world: World, works: Works) -> None:
        """Set the base path: the declared one, else what `base_paths.find_prefix` finds."""
        usual = self.prefixes[0]
        prefix = world.context.base_path or await find_prefix(world, self.prefixes, works)
        world.context.dialect = replace(world.dialect, prefix=prefix)
        if prefix != usual:
            sentence = message(
                "Paths begin with {prefix} instead of {usual}.",
                prefix=prefix or "/",
                usual=usual,
            )
            world.context.dialect = world.dialect.with_note(sentence)

    async def learn_scheme(self, world: World, works: Works) -> None:
        """Set the first scheme with which `works` returns True; the contract's if none does."""
        usual = self.schemes[0]
        for scheme in self.schemes:
            world.context.dialect = replace(world.dialect, scheme=scheme)
            if await works():
                if scheme != usual:
                    sentence = message(
                        "The token is accepted as `{scheme}`, not as `{usual}`.",
                        scheme=scheme,
                        usual=usual,
                    )
                    world.context.dialect = world.dialect.with_note(sentence)
                return
        world.context.dialect = replace(world.dialect, scheme=usual)

    def learn_status(self, world: World, meaning: Meaning, answer: Answer) -> None:
        """Note the status of an answer whose meaning is unambiguous."""
        dialect, status = world.dialect, answer.status
        if status in dialect.allowed[meaning]:
            if meaning in (Meaning.CREATED, Meaning.DELETED) and status == 200:
                sentence = message(
                    "“{meaning}” is answered with 200, as in older specifications.", meaning=meaning
                )
                world.context.dialect = dialect.with_note(sentence)
        elif status in self.statuses[meaning]:
            sentence = message(
                "“{meaning}” is answered with {status}.", meaning=meaning, status=status
            )
            world.context.dialect = dialect.with_observed(meaning, status).with_note(sentence)


def is_success(answer: Answer) -> bool:
    """Return whether the status is a 2xx."""
    return 200 <= answer.status < 300


def holds(answer: Answer, *path: str) -> bool:
    """Return whether the JSON body has a value at `path`."""
    try:
        answer.at(*path)
    except CheckFailed:
        return False
    return True
