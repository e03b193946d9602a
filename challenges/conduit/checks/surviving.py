"""What a kill and a broken connection leave behind: all or nothing, and a server that works."""

from __future__ import annotations

from worksample.checks import Aspect, Finding, Unmet, check, say_exchange
from worksample.probes.deeds import Attempt
from worksample.probes.losses import RECOVER_SECONDS
from worksample.probes.storing import doubles, halves, slow_to_recover, stubborn

from .breaking import SKILLS, crashes, losses, to_the_end
from .telling import none_of, unwell, what_is_there
from .world import Conduit

TEXTS = ("registering", "publishing with tags", "editing title and tags", "changing an account")
DELETION = "deleting an article with all that hangs on it"
ONE_TRANSACTION = "Do all that belongs together in one transaction, committed once, at the end."
WHOLE = "all of it, or nothing"


@check(
    title="A kill leaves no half-written article or account",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An article without its tags is not found by them, and nobody will notice.",
    hint=ONE_TRANSACTION,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_written(world: Conduit) -> None:
    found = halves((await crashes(world)).attempts)
    none_of([each for each in found if each.known.kind in TEXTS], WHOLE, what_is_there)


@check(
    title="A kill leaves no half-deleted article",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An article that has lost its comments, but is still there, cannot be mended by anybody.",
    hint=ONE_TRANSACTION,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_deleted(world: Conduit) -> None:
    found = halves((await crashes(world)).attempts)
    none_of([each for each in found if each.known.kind == DELETION], WHOLE, what_is_there)


@check(
    title="A kill leaves no mark, follow or comment by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A count that was written apart from what it counts is wrong from then on.",
    hint=ONE_TRANSACTION,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_no_mark_by_half(world: Conduit) -> None:
    found = halves((await crashes(world)).attempts)
    rest = [each for each in found if each.known.kind not in (*TEXTS, DELETION)]
    none_of(rest, WHOLE, what_is_there)


@check(
    title="After a kill, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="People press the button again. What is left of the first time must not stand in the way.",
    skills=SKILLS,
    lab=True,
)
async def after_a_kill_one_can_ask_again(world: Conduit) -> None:
    none_of(stubborn((await crashes(world)).attempts), "success, or that it is done", _again)


@check(
    title="A connection that breaks leaves nothing by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A broken connection is the most ordinary failure that there is.",
    hint=ONE_TRANSACTION,
    skills=SKILLS,
    lab=True,
)
async def a_broken_connection_leaves_nothing_by_half(world: Conduit) -> None:
    found = await losses(world)
    none_of(halves(found.attempts), WHOLE, what_is_there)
    to_the_end(found)


@check(
    title="A lost answer of the database does not make anything happen twice",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="If the answer to a COMMIT is lost it may have happened: a server that just does it again "
    "publishes twice.",
    hint="Repeat only what changes nothing, or what cannot happen twice.",
    skills=SKILLS,
    lab=True,
)
async def a_lost_answer_doubles_nothing(world: Conduit) -> None:
    found = await losses(world)
    none_of(doubles(found.attempts), "it once, or not at all", what_is_there)
    to_the_end(found)


@check(
    title="A connection that breaks is a matter of one request, and mended within 5 seconds",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Somebody would have to restart the server, at night, for one broken line.",
    hint="A connection on which something went wrong must not go back into the pool.",
    skills=("relational-databases",),
    lab=True,
)
async def a_broken_connection_is_mended(world: Conduit) -> None:
    found = await losses(world)
    late = slow_to_recover(found.attempts, RECOVER_SECONDS)
    none_of(late, "an ordinary answer to others within 5 seconds", _not_well)
    if found.unwell is not None:
        last = found.attempts[-1] if found.attempts else None
        after = f"{last.known.kind}: {last.fate}" if last else ""
        raise Unmet(unwell(found.unwell, after, last))


@check(
    title="After a broken connection, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="“Please try again” must be true.",
    skills=SKILLS,
    lab=True,
)
async def after_a_broken_connection_one_can_ask_again(world: Conduit) -> None:
    found = await losses(world)
    none_of(stubborn(found.attempts), "success, or that it is done", _again)
    to_the_end(found)


@check(
    title="Broken connections leave no open transaction and no connection behind",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="PostgreSQL has a hundred connections. Each that is forgotten is one less, for everybody.",
    skills=("relational-databases",),
    lab=True,
)
async def broken_connections_leave_nothing_open(world: Conduit) -> None:
    found = await losses(world)
    if found.forgotten:
        raise Unmet(
            Finding(
                expected="no transaction open, long after the last request",
                actual=f"{len(found.forgotten)} open, the first {found.forgotten[0]}",
            )
        )
    before, after = found.connections
    if after - before > max(20, len(found.attempts) // 4):
        raise Unmet(
            Finding(
                expected="about as many connections as before",
                actual=f"{after} instead of {before}, after {len(found.attempts)} broken ones",
            )
        )
    to_the_end(found)


def _again(attempt: Attempt) -> str:
    answer = "" if attempt.again is None else say_exchange(attempt.again)
    return f"{what_is_there(attempt)}; asked again: {answer}"


def _not_well(attempt: Attempt) -> str:
    took = "not at all" if attempt.back is None else f"only after {attempt.back:.1f} s"
    return f"{attempt.known.kind}; {attempt.fate}; then others were answered {took}"
