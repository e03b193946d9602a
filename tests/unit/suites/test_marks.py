"""Marks on things: the races and bursts, with stars that readers give to books."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from worksample.checks import Answer, Check, CheckFailed, Race
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites import marks
from worksample.suites.bursts import BURST_SIZE
from worksample.suites.crowds import ACCOUNTS
from worksample.suites.marking_crowds import ChangingCrowd, MarkingCrowd
from worksample.suites.marks import SUITE
from worksample.suites.races import BOTH_SUCCEED

from .library import Library, Reader


@dataclass
class Book:
    """A book, and the tokens of those who gave it a star."""

    stars: list[Any] = field(default_factory=list)


class Stars:
    """Stars, of which each reader can give one to a book."""

    setting_check, setting_twice_check = "a-star-is-given", "a-star-given-twice-counts-once"
    removing_check = "a-star-is-taken-back-once"
    count, mark = "stars", "starred"
    all_count = False

    def __init__(self, world: Library) -> None:
        self.worlds: list[Library] = []

    async def new_thing(self, owner: Reader) -> Book:
        return Book()

    async def set(self, person: Reader, thing: Book) -> Answer:
        self.worlds.append(person.world)
        if self.all_count or person.token not in thing.stars:
            thing.stars.append(person.token)
        return self._answer("POST", person, thing)

    async def remove(self, person: Reader, thing: Book) -> Answer:
        if person.token in thing.stars:
            thing.stars.remove(person.token)
        return self._answer("DELETE", person, thing)

    async def has_set(self, person: Reader, thing: Book) -> None:
        await self.set(person, thing)

    async def state(self, thing: Book, ann: Reader, bob: Reader) -> Any:
        return [len(thing.stars), ann.token in thing.stars, bob.token in thing.stars]

    def in_answer(self, answer: Answer) -> Any:
        return answer.at("stars")

    def request(self, method: str, person: Reader, thing: Book) -> Request:
        return Request(method, "/star", (person.auth_header,))

    async def seen(self, person: Reader, thing: Book) -> dict[str, Any]:
        return {"stars": len(thing.stars), "starred": person.token in thing.stars}

    def _answer(self, method: str, person: Reader, thing: Book) -> Answer:
        body = orjson.dumps({"stars": len(thing.stars)})
        return Answer(Exchange(Request(method, "/star"), Response(200, (), body)), Dialect())


CHECKS = {
    each.id: each for each in SUITE.checks(Stars, clause="M1", stage=6) if isinstance(each, Check)
}


def run(check: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Race, dict[str, Any]]:
    """Run a check with a judge that sends its requests in turn; return the state after them."""
    result: list[Any] = []

    async def judge(_: Any, new_race: Any, **options: Any) -> None:
        race: Race = await new_race()
        await race.first()
        await race.second()
        result.extend((await race.read_state(), race, options))

    monkeypatch.setattr(marks, "serializable", judge)
    function = CHECKS[check].function
    assert function is not None
    asyncio.run(function(Library()))  # type: ignore[arg-type]
    return result[0], result[1], result[2]


@pytest.mark.parametrize(
    ("check", "state", "needs"),
    [
        ("two-marks-at-once-both-count", [2, True, True], "a-star-is-given"),
        (
            "two-marks-taken-back-at-once-both-count",
            [1, False, False],
            "a-star-is-taken-back-once",
        ),
        ("a-double-tap-counts-once", [2, True, True], "a-star-given-twice-counts-once"),
        (
            "a-mark-taken-back-twice-at-once-counts-once",
            [1, False, True],
            "a-star-is-taken-back-once",
        ),
        (
            "a-mark-set-and-taken-back-at-once-adds-up",
            [1, False, True],
            "a-star-is-taken-back-once",
        ),
        ("marks-at-two-copies-all-count", [2, True, True], "a-star-is-given"),
    ],
)
def test_state_after_one_and_then_the_other(
    check: str, state: list[Any], needs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _, options = run(check, monkeypatch)
    assert found == state
    assert (options["needs"], options["serial_outcomes"]) == (needs, BOTH_SUCCEED)
    assert options["symmetric"] is (check != "a-mark-set-and-taken-back-at-once-adds-up")


def test_answers_to_two_marks_are_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _, race, _ = run("two-marks-at-once-both-count", monkeypatch)
    assert race.view is not None
    assert race.view(asyncio.run(race.second())) == 2  # type: ignore[arg-type]


def test_second_mark_goes_to_the_second_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Stars] = []
    monkeypatch.setattr(Stars, "__init__", lambda self, _: _remember(self, seen))
    run("marks-at-two-copies-all-count", monkeypatch)
    first, second = seen[0].worlds
    assert first is not second


def _remember(stars: Stars, seen: list[Stars]) -> None:
    stars.worlds = []
    seen.append(stars)


async def burst(crowd: MarkingCrowd, stars: Stars) -> None:
    """Answer one burst and let the crowd judge it."""
    await crowd.prepare()
    requests = await crowd.requests()
    by_header = {person.auth_header: person for person in crowd.people}
    act = {"POST": stars.set, "DELETE": stars.remove}
    answers = [await act[each.method](by_header[each.headers[0]], crowd.thing) for each in requests]
    await crowd.judge(answers)


def crowd_of(kind: type[MarkingCrowd], stars: Stars) -> MarkingCrowd:
    return kind(Library(), lambda _: stars, "one of many gives a star")


@pytest.mark.parametrize("kind", [MarkingCrowd, ChangingCrowd])
def test_crowd_passes_where_every_reader_counts_once(kind: type[MarkingCrowd]) -> None:
    stars = Stars(Library())
    asyncio.run(burst(crowd_of(kind, stars), stars))


@pytest.mark.parametrize("kind", [MarkingCrowd, ChangingCrowd])
def test_crowd_fails_where_every_request_counts(kind: type[MarkingCrowd]) -> None:
    stars = Stars(Library())
    stars.all_count = True
    stars.remove = _nothing  # type: ignore[method-assign]
    with pytest.raises(CheckFailed, match="stars"):
        asyncio.run(burst(crowd_of(kind, stars), stars))


async def _nothing(person: Reader, thing: Book) -> Answer:
    return Stars(person.world)._answer("DELETE", person, thing)


@pytest.mark.parametrize("kind", [MarkingCrowd, ChangingCrowd])
def test_crowd_fails_where_the_server_fails(kind: type[MarkingCrowd]) -> None:
    assert findings_of_a_failure(kind, drift=0) == ["any status except 5xx"]


@pytest.mark.parametrize("kind", [MarkingCrowd, ChangingCrowd])
def test_failure_does_not_hide_that_the_count_is_wrong(kind: type[MarkingCrowd]) -> None:
    found = findings_of_a_failure(kind, drift=1)
    assert found == [f"stars: {ACCOUNTS - 1}", "any status except 5xx"]


def findings_of_a_failure(kind: type[MarkingCrowd], drift: int) -> list[str]:
    """Return what is expected where one more request fails, which changes the count by `drift`."""

    class Drifting(Stars):
        async def seen(self, person: Reader, thing: Book) -> dict[str, Any]:
            shown = await super().seen(person, thing)
            return {**shown, "stars": shown["stars"] + drift}

    class Judged(kind):  # type: ignore[misc, valid-type]
        async def judge(self, answers: Sequence[Answer]) -> None:
            failed = Exchange(Request("POST", "/star"), Response(500, (), b"{}"))
            await super().judge([*answers, Answer(failed, Dialect())])

    stars = Drifting(Library())
    with pytest.raises(CheckFailed) as raised:
        asyncio.run(burst(crowd_of(Judged, stars), stars))
    return [each.expected for each in raised.value.findings]


def test_size_of_the_bursts() -> None:
    async def scene(kind: type[MarkingCrowd]) -> int:
        crowd = crowd_of(kind, Stars(Library()))
        await crowd.prepare()
        assert len({each.token for each in crowd.people}) == ACCOUNTS - 1
        return len(await crowd.requests())

    people = ACCOUNTS - 1
    assert asyncio.run(scene(MarkingCrowd)) == BURST_SIZE // people * people
    assert asyncio.run(scene(ChangingCrowd)) == 3 * people
