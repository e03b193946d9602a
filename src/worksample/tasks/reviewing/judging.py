"""Compare a review with what is known of the pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worksample.catalogue.defect_classes import classes_named
from worksample.messages import message
from worksample.tasks.reviewing.form import Comment, Review
from worksample.tasks.reviewing.handed_out import HandedOut
from worksample.tasks.reviewing.ranges import Place
from worksample.tasks.reviewing.wording import MOST_CLASSES, Wording, says_something

#: How many lines off a comment may be.
_DRIFT = 6
#: How far from a change a comment still belongs to it.
_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """A check of the challenge that fails on a defect."""

    id: str
    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class KnownDefect:
    """A defect of the pull request, as it is sealed: where it is, and what a comment mentions."""

    symptom: str
    where: str
    says: str
    stage: int
    fix: str
    checks: tuple[BrokenCheck, ...]
    places: Mapping[str, Place]
    wording: Wording

    def is_at(self, comment: Comment) -> bool:
        """Return whether the comment stands where the defect is."""
        place = self.places.get(comment.path)
        return place is not None and place.is_near(comment.first, comment.last, _DRIFT)


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """What is known of a pull request.

    Its defects, all lines that it changes, by file, and what was handed out.
    """

    defects: Sequence[KnownDefect]
    changes: Mapping[str, Place]
    handed_out: HandedOut


@dataclass(slots=True)
class Judged:
    """What the comments of a review are worth.

    found: the numbers of the defects with a blocking comment. noted: those with a nit only.
    false_alarms: blocking comments on sound lines. crowded: blocking ones that name too many kinds
    of defect. vague: blocking ones that do not say what goes wrong. outside: what is wrong with
    each comment that is on nothing of the change, in words.
    """

    found: set[int] = field(default_factory=set)
    noted: set[int] = field(default_factory=set)
    false_alarms: list[Comment] = field(default_factory=list)
    crowded: list[Comment] = field(default_factory=list)
    vague: list[Comment] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def judged(review: Review, known: KnownRequest) -> Judged:
    """Return what the comments of `review` are worth.

    A comment on a defect stands near it, and mentions its class, a rule that it breaks, or what is
    known of it. A blocking one is no false alarm if it stands near a defect, whatever it says, or
    if it describes one of the same file.
    """
    result = Judged()
    for written in review.comments:
        comment = _with_known_path(written, known.changes)
        at = [number for number, each in enumerate(known.defects) if each.is_at(comment)]
        if not at and (problem := _outside(comment, known.changes)):
            result.outside.append(problem)
            continue
        fitting = [number for number in at if known.defects[number].wording.fits(comment.text)]
        if comment not in review.blocking and written not in review.blocking:
            result.noted.update(fitting)
            continue
        result.found.update(fitting)
        if len(classes_named(comment.text)) > MOST_CLASSES:
            result.crowded.append(written)
        elif not fitting and not says_something(comment.text):
            result.vague.append(written)
        if not at and not _describes_one_of_its_file(comment, known.defects):
            result.false_alarms.append(written)
    result.noted -= result.found
    return result


def known_request(facts: Mapping[str, Any]) -> KnownRequest:
    """Return the pull request that `task.json` describes."""
    return KnownRequest(
        tuple(_defect(each) for each in facts["defects"]),
        _places(facts["changes"]),
        HandedOut(**facts["handed_out"]),
    )


def _defect(each: Mapping[str, Any]) -> KnownDefect:
    same = {name: each[name] for name in ("symptom", "where", "says", "stage", "fix")}
    checks = tuple(BrokenCheck(**check) for check in each["checks"])
    wording = Wording(**{name: tuple(words) for name, words in each["wording"].items()})
    return KnownDefect(**same, checks=checks, places=_places(each["places"]), wording=wording)


def _places(table: Mapping[str, Mapping[str, Sequence[Sequence[int]]]]) -> dict[str, Place]:
    return {
        path: Place(*(tuple((a, b) for a, b in sides[side]) for side in ("old", "new")))
        for path, sides in table.items()
    }


def _with_known_path(comment: Comment, paths: Iterable[str]) -> Comment:
    """Return the comment with the path as the change has it, if that can be told."""
    written = comment.path.replace("\\", "/").removeprefix("./")
    ways = (written, written.removeprefix("a/"), written.removeprefix("b/"))
    found = [path for path in paths if path in ways or path.endswith(f"/{written}")]
    path = next((path for path in found if path in ways), found[0] if len(found) == 1 else written)
    return Comment(comment.at, path, comment.first, comment.last, comment.severity, comment.text)


def _outside(comment: Comment, changes: Mapping[str, Place]) -> str:
    """Return why the comment is on nothing of the change, "" if it is on something."""
    place = changes.get(comment.path)
    if place is None:
        return message(
            "review.md:{at}: {path} is not changed by this pull request; the comment counts for "
            "nothing",
            at=comment.at,
            path=comment.path,
        )
    if place.is_near(comment.first, comment.last, _CONTEXT):
        return ""
    return message(
        "review.md:{at}: nothing is changed near line {line} of {path}; the comment counts for "
        "nothing",
        at=comment.at,
        path=comment.path,
        line=comment.first,
    )


def _describes_one_of_its_file(comment: Comment, defects: Iterable[KnownDefect]) -> bool:
    return any(each.wording.fits(comment.text) for each in defects if comment.path in each.places)
