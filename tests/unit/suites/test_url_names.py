"""Names in URLs that are made of titles, with poems as the product."""

from __future__ import annotations

import asyncio
import itertools
import re
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from worksample.checks import (
    BRIEF,
    Answer,
    Check,
    CheckFailed,
    Finding,
    InvalidCheck,
    PreconditionFailed,
    Profile,
    Race,
)
from worksample.checks.dialect import Dialect
from worksample.checks.judging import Judging
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites import new_titles, title_races, url_names
from worksample.suites.bursts import BURST_SIZE
from worksample.suites.crowds import ACCOUNTS
from worksample.suites.races import BOTH_SUCCEED
from worksample.suites.titled_crowds import TitledCrowd
from worksample.suites.url_names import Named, is_url_safe

from .library import Library, Reader

Json = dict[str, Any]


class Poems:
    """Poems by path; `mistake` names what is done wrong."""

    thing, name = "poem", "path"
    texts = ("title", "text")
    longest = 80
    reserved = ("index",)
    creating_check, same_title_check = "poems-are-written", "a-title-gets-two-paths"
    mistake = ""

    def __init__(self, world: Library) -> None:
        self.world = world
        self.stored: dict[str, Json] = {}
        self.gone: list[str] = []

    def fields(self, title: str) -> Json:
        return {"title": title, "text": self.world.unique_name()}

    async def create(self, author: Reader, fields: Json) -> Answer:
        if self._is_refused(fields["title"]):
            return answer(422, {})
        path = self._path(fields["title"])
        self.stored[path] = {**fields, "author": author.name}
        return answer(201, {**fields, "path": path})

    def request(self, author: Reader, fields: Json) -> Request:
        return Request("POST", "/poems", (author.auth_header,))

    async def retitle(self, author: Reader, name: str, title: str) -> Answer:
        if self._is_refused(title, besides=name):
            return answer(422, {})
        poem = self.stored.pop(name)
        path = self._path(title)
        if self.mistake == "takes a title once, and no path" and path.endswith("-1"):
            self.stored[name] = poem
            return answer(500, {})
        if self.mistake == "trips over itself" and path == name:
            return answer(409, {})
        self.stored[path] = {**poem, "title": title}
        shown = name if self.mistake == "answers with the old path" else path
        return answer(200, {**poem, "title": title, "path": shown})

    async def retitle_in_working_form(self, author: Reader, name: str, title: str) -> Answer:
        return await self.retitle(author, name, title)

    async def read(self, reader: Reader, name: str) -> Answer:
        poem = self.stored.get(name)
        if self.mistake == "takes a title once, and loses it":
            return answer(404, {})
        return answer(404, {}) if poem is None else answer(200, {**poem, "path": name})

    async def exists(self, author: Reader, title: str = "") -> Named:
        fields = self.fields(title or f"Ode to {self.world.unique_name()}")
        created = await self.create(author, fields)
        return Named(str(created.at("poem", "path")), fields)

    async def is_retitled(self, author: Reader, thing: Named, title: str) -> Named:
        changed = await self.retitle(author, thing.name, title)
        return Named(str(changed.at("poem", "path")), {**thing.sent, "title": title})

    async def is_gone(self, author: Reader, thing: Named) -> None:
        self.gone.append(self.stored.pop(thing.name)["title"])

    async def titles_of(self, author: Reader) -> list[tuple[str, Any]]:
        return [(p, e["title"]) for p, e in self.stored.items() if e["author"] == author.name]

    def _is_refused(self, title: str, besides: str = "") -> bool:
        """Return whether the title is taken, if it may be used only once."""
        taken = [each["title"] for name, each in self.stored.items() if name != besides]
        if self.mistake == "takes a title once for ever":
            taken += self.gone
        return self.mistake.startswith("takes a title once") and title in taken

    def _path(self, title: str) -> str:
        letters = "a-z0-9" if self.mistake == "knows a to z only" else r"\w"
        base = re.sub(rf"[^{letters}]+", "-", title.lower()).strip("-_")
        if self.mistake == "has an index":
            return "index"
        if self.mistake == "is the title":
            base = title
        if self.mistake == "is percent-encoded":
            base = quote(title)
        if self.mistake in ("overwrites", "knows a to z only"):
            return base or "poem"
        if self.mistake == "numbers by counting":
            same = sum(each["title"] == title for each in self.stored.values())
            return f"{base or 'poem'}-{same}" if same else base or "poem"
        free = (f"{base or 'poem'}-{n}" if n else base or "poem" for n in itertools.count())
        return next(path for path in free if path not in self.stored)


def answer(status: int, poem: Json) -> Answer:
    """Return an answer with this poem."""
    body = orjson.dumps({"poem": poem})
    return Answer(Exchange(Request("GET", "/poems"), Response(status, (), body)), Dialect())


SUITES = (url_names.SUITE, new_titles.SUITE)
IDS = [name for suite in SUITES for name in suite.templates]


def run(check: str, mistake: str = "", profile: Profile = BRIEF) -> list[Finding]:
    """Run a check of one of both suites on poems with a mistake; return what is only a remark."""

    def poems(world: Any) -> Poems:
        made = Poems(world)
        made.mistake = mistake
        return made

    (declared,) = (
        each
        for suite in SUITES
        for each in suite.checks(poems, clause="R2", stage=3, rules={"reuse": "R9"})
        if not isinstance(each, InvalidCheck) and each.id == check
    )
    assert declared.function is not None
    with Judging(declared, profile) as judging:
        asyncio.run(declared.function(Library()))  # type: ignore[arg-type]
    return judging.remarks


ONCE = Profile("public", "the public specification", frozenset({"R9"}))
REUSED = (
    "a-title-used-before-gets-its-own-name",
    "a-title-of-another-author-gets-its-own-name",
    "a-numbered-name-is-not-taken-twice",
    "a-title-can-be-used-again-after-a-deletion",
    "a-long-title-gets-a-name",
    "a-new-title-may-be-one-that-is-taken",
)


@pytest.mark.parametrize("check", IDS)
def test_remarks_on_titles_that_are_taken_once_if_that_is_left_out(check: str) -> None:
    remarks = run(check, "takes a title once", ONCE)
    assert {each.clause for each in remarks} == ({"R9"} if check in REUSED else set())


def test_remarks_on_titles_that_stay_taken_after_a_deletion() -> None:
    check = "a-title-can-be-used-again-after-a-deletion"
    remarks = run(check, "takes a title once for ever", ONCE)
    assert {each.clause for each in remarks} == {"R9"}


@pytest.mark.parametrize("check", REUSED)
def test_fails_where_a_title_is_taken_once_by_the_brief(check: str) -> None:
    with pytest.raises(CheckFailed):
        run(check, "takes a title once")


@pytest.mark.parametrize("check", REUSED)
def test_fails_where_a_title_overwrites_whatever_is_left_out(check: str) -> None:
    with pytest.raises(CheckFailed) as failed:
        run(check, "overwrites", ONCE)
    assert [each.clause for each in failed.value.findings] == [""]


@pytest.mark.parametrize("check", IDS)
def test_passes_where_every_title_gets_a_free_and_safe_name(check: str) -> None:
    run(check)


@pytest.mark.parametrize(
    ("check", "mistake"),
    [
        ("a-title-in-any-script-gets-a-name", "knows a to z only"),
        ("a-title-without-letters-gets-a-name", "overwrites"),
        ("a-name-is-safe-in-a-url", "is the title"),
        ("a-name-is-safe-in-a-url", "is percent-encoded"),
        ("a-title-used-before-gets-its-own-name", "overwrites"),
        ("a-title-of-another-author-gets-its-own-name", "overwrites"),
        ("similar-titles-get-different-names", "numbers by counting"),
        ("a-numbered-name-is-not-taken-twice", "numbers by counting"),
        ("a-title-can-be-used-again-after-a-deletion", "numbers by counting"),
        ("a-long-title-gets-a-name", "overwrites"),
        ("a-new-title-may-be-one-that-is-taken", "overwrites"),
        ("a-new-title-may-be-any", "answers with the old path"),
        ("a-title-does-not-stand-in-its-own-way", "trips over itself"),
        ("a-left-title-can-be-used-by-others", "answers with the old path"),
    ],
)
def test_finds_the_mistake(check: str, mistake: str) -> None:
    with pytest.raises((CheckFailed, PreconditionFailed)):
        run(check, mistake)


@pytest.mark.parametrize("name", ["a", "a-b.c~d", "春夏", "it's", "a:b@c"])
def test_names_that_are_safe(name: str) -> None:
    assert is_url_safe(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "a?b", "a#b", "a%20b", "a\tb", 7])
def test_names_that_are_not_safe(name: Any) -> None:
    assert not is_url_safe(name)


@pytest.mark.parametrize(
    ("check", "needs"),
    [
        ("one-title-at-once-gets-two-names", "a-title-gets-two-paths"),
        ("one-title-at-two-copies-gets-two-names", "poems-are-written"),
        ("a-title-is-changed-to-and-used-at-once", "a-new-title-may-be-one-that-is-taken"),
    ],
)
@pytest.mark.parametrize("mistake", ["", "overwrites"])
def test_state_of_a_race_shows_both_poems(
    check: str, needs: str, mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Poems, "mistake", mistake)
    result: list[Any] = []

    async def judge(_: Any, new_race: Any, **options: Any) -> None:
        race: Race = await new_race()
        await race.first()
        await race.second()
        result.extend((await race.read_state(), options))

    monkeypatch.setattr(title_races, "serializable", judge)
    checks = title_races.SUITE.checks(Poems, clause="M1", stage=6)
    (declared,) = (each for each in checks if isinstance(each, Check) and each.id == check)
    assert declared.function is not None
    asyncio.run(declared.function(Library()))  # type: ignore[arg-type]
    state, options = result
    kept = {"poems": 1, "text as sent": True}
    lost = {"poems": 0, "text as sent": True}
    assert state == {"poems of A": lost if mistake else kept, "poems of B": kept}
    assert (options["needs"], options["serial_outcomes"]) == (needs, BOTH_SUCCEED)


async def answers_to_crowd(poems: Poems) -> None:
    """Answer one burst of requests and let the crowd judge it."""
    crowd = TitledCrowd(poems.world, lambda _: poems, "one of many writes")
    await crowd.prepare()
    requests = await crowd.requests()
    assert len(requests) == BURST_SIZE // 2
    assert len({each.headers for each in requests}) == ACCOUNTS
    assert len({fields["title"] for fields in crowd.sent}) == 1
    await crowd.judge([await poems.create(crowd.owner, fields) for fields in crowd.sent])


def test_crowd_passes_where_each_poem_has_a_path_of_its_own() -> None:
    asyncio.run(answers_to_crowd(Poems(Library())))


def test_crowd_fails_where_poems_share_a_path() -> None:
    poems = Poems(Library())
    poems.mistake = "overwrites"
    with pytest.raises(CheckFailed, match="poems per `path`"):
        asyncio.run(answers_to_crowd(poems))


def test_refused_new_title_does_not_hide_that_a_name_is_taken() -> None:
    with pytest.raises(CheckFailed) as failure:
        run("a-new-title-may-be-one-that-is-taken", "takes a title once, and no path")
    assert [each.actual[:3] for each in failure.value.findings] == ["422", "500"]


def test_name_that_shows_something_else_is_found() -> None:
    with pytest.raises(CheckFailed) as failure:
        run("a-title-used-before-gets-its-own-name", "has an index")
    assert failure.value.findings[0].expected == "the path: no path that shows something else"


def test_refused_title_does_not_hide_that_others_are_not_found() -> None:
    with pytest.raises(CheckFailed) as failure:
        run("a-title-used-before-gets-its-own-name", "takes a title once, and loses it")
    assert [each.actual[:3] for each in failure.value.findings] == ["422", "404"]
