"""What a review is asked: is the verdict right, are the defects found, do only defects block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from worksample.catalogue import Challenge
from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.messages import message, plural
from worksample.tasks.reviewing.form import Comment, Decision, Review
from worksample.tasks.reviewing.judging import Judged, KnownRequest
from worksample.tasks.reviewing.texts import FORM, MAY_MISS_ONE, MOST_FALSE_ALARMS, REQUEST


def clause(number: int) -> str:
    """Return what the checks of a review quote: the number of a rule in the request."""
    return message("{file} {number}", file=REQUEST, number=number)


def _check(name: str, number: int, title: str, why: str) -> Check:
    return Check(
        id=name,
        title=title,
        aspect=Aspect.BEHAVIOUR,
        stage=0,
        clause=clause(number),
        why=why,
    )


VERDICT = _check(
    "the-verdict-is-right",
    1,
    "The verdict is right",
    "What is approved is merged and reaches the users; what is held up for nothing costs a day.",
)
DEFECTS = _check(
    "defects-are-found",
    2,
    "The defects are found",
    "The review is the last look at a change before the users see it.",
)
SOUND_LINES = _check(
    "only-defects-block",
    3,
    "Only defects block the merge",
    "Who has to defend sound lines again and again stops reading comments.",
)


def untouched() -> tuple[CheckResult, ...]:
    """Return the results of a form that nobody filled in."""
    finding = Finding(
        "a verdict, and comments on what is wrong",
        "review.md is not filled in yet",
        hint=message(
            "Begin with {file}, then `git diff main`. A sound change needs a verdict, too.",
            file=REQUEST,
        ),
        cause="review.md is not filled in yet",
    )
    return (CheckResult(VERDICT, Verdict.FAIL, (finding,)),)


def results_of(
    review: Review, found: Judged, known: KnownRequest, challenge: Challenge
) -> tuple[CheckResult, ...]:
    """Return the results of the checks of a review. No finding tells where a defect is."""
    return tuple(
        CheckResult(check, Verdict.FAIL if finding else Verdict.PASS, (finding,) if finding else ())
        for check, finding in (
            (VERDICT, _wrong_verdict(review, known)),
            (DEFECTS, _missed(found, known, challenge)),
            (SOUND_LINES, _too_many_alarms(review, found, known)),
        )
    )


def _wrong_verdict(review: Review, known: KnownRequest) -> Finding | None:
    count = len(known.defects)
    right = Decision.REQUEST_CHANGES if count else Decision.APPROVE
    if review.decision is right:
        return None
    told = (
        plural(
            count,
            "{verdict}: there is a defect that has to be mended before the merge",
            "{verdict}: there are {count} defects that have to be mended before the merge",
            verdict=right,
        )
        if count
        else message("{verdict}: nothing has to be mended before the merge", verdict=right)
    )
    return Finding(told, str(review.decision))


def _missed(found: Judged, known: KnownRequest, challenge: Challenge) -> Finding | None:
    count = len(known.defects)
    needed = count - 1 if count >= MAY_MISS_ONE else count
    if len(found.found) >= needed:
        return None
    missed = [each for number, each in enumerate(known.defects) if number not in found.found]
    titles = {stage.number: stage.title for stage in challenge.stages}
    stages = Counter(each.stage for each in missed)
    details = [
        plural(
            stages[stage],
            "one that shows in stage {stage}, “{title}”, has no blocking comment that describes it",
            "{count} that show in stage {stage}, “{title}”, have none that describes them",
            stage=stage,
            title=titles.get(stage, ""),
        )
        for stage in sorted(stages)
    ]
    return Finding(
        message(
            "a blocking comment on at least {needed} of {count} defects, at its place, that says "
            "what goes wrong",
            needed=needed,
            count=count,
        ),
        message("{found} of {count} found", found=len(found.found), count=count),
        details=tuple(details),
        hint=" ".join(_advice(found)),
    )


def _advice(found: Judged) -> Iterator[str]:
    if found.noted:
        yield plural(
            len(found.noted),
            "One of your nits describes a defect: what has to be mended before the merge is "
            "blocking.",
            "{count} of your nits describe defects: what has to be mended before the merge is "
            "blocking.",
        )
    if found.crowded:
        yield message(
            "These name more than two kinds of defect, so they count for none: {lines}.",
            lines=_lines(found.crowded),
        )
    if found.vague:
        yield message(
            "These do not say what goes wrong: {lines}. Say what happens to whom, and when.",
            lines=_lines(found.vague),
        )


def _too_many_alarms(review: Review, found: Judged, known: KnownRequest) -> Finding | None:
    if not known.defects:
        count = len(review.blocking)
        if not count:
            return None
        return Finding("no blocking comment", plural(count, "there is one", "there are {count}"))
    count = len(found.false_alarms)
    if count <= MOST_FALSE_ALARMS:
        return None
    return Finding(
        "at most one blocking comment on sound lines",
        message("{count} of {all} blocking comments", count=count, all=len(review.blocking)),
        hint="Names, order and layout are a matter of taste: a nit. Block what breaks something, "
        "and say what.",
    )


def _lines(comments: Iterable[Comment]) -> str:
    return ", ".join(f"{FORM}:{each.at}" for each in comments)
