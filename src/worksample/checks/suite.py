"""`Suite`: a family of checks that any challenge can use, by way of an adapter of its own.

A suite declares check templates. A challenge turns them into checks with an adapter, which knows
the challenge's operations and data, and with the rule and stage that its brief gives them.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from worksample.checks.adapters import missing_members, name_of
from worksample.checks.decorators import id_of
from worksample.checks.model import Aspect, Check, InvalidCheck
from worksample.checks.operations import StagedOperation
from worksample.messages import message

A = TypeVar("A")
C = TypeVar("C")
P = ParamSpec("P")


class NoAdapter:
    """The adapter of a suite that needs nothing of the challenge."""

    def __init__(self, made_for: Any) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a challenge says of a check; what is left out comes from the suite.

    id: replaces the name of the template, for a template that is used more than once.
    clause: the rule of the brief that demands it.
    rules: further rules, by the names that the template gives to its parts.
    operations: the operations that the check tests (`()` for none); without `stage`, the stage of
        the last one is that of the check.
    """

    id: str = ""
    title: str = ""
    why: str = ""
    hint: str | None = None
    clause: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    stage: int | None = None
    operations: Sequence[StagedOperation] | None = None
    cites: str | None = None
    skills: Sequence[str] = ()
    aspect: Aspect | None = None
    since: str = ""
    alone: bool | None = None

    def over(self, default: Words) -> Words:
        """Return these words, completed by those of `default`.

        Operations without a stage replace the stage of `default`.
        """
        given = {
            each.name: value
            for each in fields(self)
            if (value := getattr(self, each.name)) not in ("", (), None, {})
            or (each.name in ("hint", "cites", "operations") and value is not None)
        }
        if self.operations:
            given.setdefault("stage", None)
        return replace(default, **given)


@dataclass(frozen=True, slots=True)
class Template(Generic[A]):
    """A check that lacks only its adapter: `body` judges, `words` are the suite's own."""

    suite: Suite[A]
    id: str
    words: Words
    lab: bool = False
    repeated_alone: bool = False
    body: Callable[[Any, A], Awaitable[None]] | None = None
    passive: Callable[[Any, A], Any] | None = None

    def declare(self, adapter: Callable[[Any], A], **words: Any) -> list[Check | InvalidCheck]:
        """Return this one check as a list (for `CHECKS`); `words` are the fields of `Words`."""
        source = _caller()
        said, unknown = _words_from(words, source)
        return [
            self.bind(adapter, said, source),
            *unknown,
            *self.suite.unfit(adapter, source),
        ]

    def bind(self, adapter: Callable[[Any], A], words: Words, source: str) -> Check | InvalidCheck:
        """Return the check that this template becomes, declared at `source`."""
        said = words.over(replace(self.words, id=self.id))
        operations = said.operations or ()
        stage = said.stage or max((each.stage for each in operations), default=0)
        if not said.clause or not stage:
            lacking = "clause" if not said.clause else "stage (or operations)"
            return InvalidCheck(
                source, message("{check}: needs a {lacking}", check=said.id, lacking=lacking)
            )
        assert said.aspect is not None
        return Check(
            id=said.id,
            title=said.title,
            aspect=said.aspect,
            stage=stage,
            clause=said.clause,
            why=said.why,
            function=self._function(adapter),
            passive_check=self._passive_check(adapter),
            skills=tuple(said.skills),
            cites=said.cites or "",
            hint=said.hint or "",
            since=said.since,
            alone=bool(said.alone),
            hostile=self.suite.hostile,
            lab=self.lab,
            repeated_alone=self.repeated_alone,
            operations=tuple(each.id for each in operations),
            rules=tuple(said.rules.items()),
            suite=self.suite.name,
            source=source,
        )

    def _function(self, adapter: Callable[[Any], A]) -> Callable[[Any], Awaitable[None]] | None:
        body = self.body
        if body is None:
            return None

        async def function(world: Any) -> None:
            await body(world, adapter(world))

        return function

    def _passive_check(self, adapter: Callable[[Any], A]) -> Callable[[Any], Any] | None:
        passive = self.passive
        return None if passive is None else lambda context: passive(context, adapter(context))


@dataclass(frozen=True)
class Suite(Generic[A]):
    """A family of checks. `adapter` is the protocol that a challenge's adapter must fulfil.

    `aspect`, `skills` and `cites` hold for every check that says nothing else; `hostile` (see
    `Check`) for all.
    """

    name: str
    adapter: type[Any]
    aspect: Aspect
    skills: tuple[str, ...] = ()
    cites: str = ""
    hostile: bool = False
    templates: dict[str, Template[A]] = field(default_factory=dict, repr=False)

    def check(
        self,
        *,
        title: str,
        why: str,
        lab: bool = False,
        alone: bool = False,
        repeated_alone: bool = False,
        **words: Any,
    ) -> Callable[[Callable[[C, A], Awaitable[None]]], Template[A]]:
        """Declare a function of (world, adapter) as a template; its id is the function's name.

        `words` are further fields of `Words`.
        """
        said = self._words(title=title, why=why, alone=alone, **words)

        def add(body: Callable[[C, A], Awaitable[None]]) -> Template[A]:
            name = id_of(body.__name__)
            return self._add(Template(self, name, said, lab, repeated_alone, body=body))

        return add

    def passive_check(
        self, *, title: str, why: str, **words: Any
    ) -> Callable[[Callable[Concatenate[Any, A, P], Any]], Template[A]]:
        """Declare a subclass of `PassiveCheck`, made from (context, adapter), as a template.

        Its adapter is made from the run's context, since a passive check has no world.
        """
        said = self._words(title=title, why=why, **words)

        def add(cls: Callable[Concatenate[Any, A, P], Any]) -> Template[A]:
            return self._add(Template(self, id_of(cls.__name__), said, passive=cls))

        return add

    def checks(
        self,
        adapter: Callable[[Any], A],
        *,
        words: Mapping[str, Words] | None = None,
        without: Collection[str] = (),
        **common: Any,
    ) -> list[Check | InvalidCheck]:
        """Return a check for every template, except those whose ids are in `without`.

        adapter: a class, or another function from a world to an adapter; called for each run of a
            check.
        words: what the challenge says of single checks, by template id.
        common: fields of `Words` for all of them.
        """
        source, said = _caller(), words or {}
        unknown = sorted({*said, *without} - set(self.templates))
        every, mistakes = _words_from(common, source)
        return [
            *mistakes,
            *self.unfit(adapter, source),
            *(
                InvalidCheck(
                    source, message("{suite} has no check {name}", suite=self.name, name=name)
                )
                for name in unknown
            ),
            *(
                template.bind(adapter, said.get(name, Words()).over(every), source)
                for name, template in self.templates.items()
                if name not in without
            ),
        ]

    def unfit(self, adapter: Callable[[Any], A], source: str) -> Iterator[InvalidCheck]:
        """Yield what `adapter` lacks of the suite's protocol."""
        for name in missing_members(adapter, self.adapter):
            yield InvalidCheck(
                source,
                message(
                    "the adapter {adapter} lacks `{name}`, which the suite {suite} needs "
                    "(see {module}.{needed})",
                    adapter=name_of(adapter),
                    name=name,
                    suite=self.name,
                    module=self.adapter.__module__,
                    needed=self.adapter.__name__,
                ),
            )

    def _words(self, **words: Any) -> Words:
        default = Words(aspect=self.aspect, skills=self.skills, cites=self.cites, since="1.0")
        return Words(**words).over(default)

    def _add(self, template: Template[A]) -> Template[A]:
        assert template.id not in self.templates, f"{self.name} declares {template.id} twice"
        self.templates[template.id] = template
        return template


def _words_from(given: Mapping[str, Any], source: str) -> tuple[Words, list[InvalidCheck]]:
    """Return the words in `given`, and a mistake for each that is no field of `Words`."""
    known = {each.name for each in fields(Words)}
    said = Words(**{name: value for name, value in given.items() if name in known})
    choices = ", ".join(sorted(known))
    return said, [
        InvalidCheck(
            source, message("a check has no `{name}`; it has {choices}", name=name, choices=choices)
        )
        for name in sorted(set(given) - known)
    ]


def _caller() -> str:
    """Return file and line of the code that called a public method of this module."""
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
