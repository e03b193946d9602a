"""Notes, and the addresses that are made of their titles."""

from __future__ import annotations

from worksample.checks import Aspect, check
from worksample.suites import new_titles, url_names
from worksample.suites.url_names import create_and_expect_found

from .world import Notes, TitledNotes

CHECKS = [
    *url_names.SUITE.checks(TitledNotes, clause="N2", stage=2),
    *new_titles.SUITE.checks(TitledNotes, clause="N2", stage=2),
]


@check(
    title="A note is read as it was written",
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    clause="N1",
    why="People read notes.",
    skills=("rest",),
)
async def a_note_is_read_as_it_was_written(world: Notes) -> None:
    author = await world.sign_up()
    await create_and_expect_found(TitledNotes(world), author, [f"On {world.unique_name()}"])
