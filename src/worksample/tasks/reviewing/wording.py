"""What a comment must say to be about a certain defect, in whatever words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from worksample.catalogue import Challenge
from worksample.catalogue.defect_classes import (
    classes_mentioned,
    classes_named,
    classes_of,
    defect_classes,
    normalized,
    pattern_of,
)
from worksample.catalogue.mutants import Mutant

#: A comment that names more classes is about none of them.
MOST_CLASSES = 2
#: How many words of the known comment are enough.
_SHARED = 2
#: In what share of all comments a word may stand that still tells one from another.
_COMMON = 0.06
_SHORTEST = 4
_ENDINGS = re.compile(r"(?:isons?|ations?|ings?|ions?|ments?|ably|able|edly|ed|es|er|ers|ly|s|e)$")
_IDLE = frozenset(
    """
    about after again against also because been before being both cannot could does doing done
    down each error errors even every fails from have having here into itself just like line
    lines made make makes many more most much must need needs nobody nothing only other others
    over please problem rather same should since some something still such than that their
    them then there these they thing this those through under until upon very want wants well
    were what whatever when where which while whoever whole will with without work works would
    wrong your code function change changes changed review broken incorrect bug
    """.split()  # noqa: SIM905 - a list of ninety words is no easier to read
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a comment on a defect mentions.

    classes: its classes; words of any are enough. entries: further words of the mutant, written as
    in `defect_classes.toml`. stems: the beginnings of words that tell its known comment, and the
    code that it changes, from others; two are enough, unless the comment names another class.
    clauses: the rules of the brief that it breaks; one is enough.
    """

    classes: tuple[str, ...]
    entries: tuple[str, ...]
    stems: tuple[str, ...]
    clauses: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Return whether a comment with this text can be about the defect."""
        named = classes_named(text)
        if len(named) > MOST_CLASSES:
            return False
        if classes_mentioned(text) & set(self.classes):
            return True
        plain = normalized(text)
        rules = pattern_of(f"={clause}" for clause in self.clauses)
        if pattern_of(self.entries).search(plain) or rules.search(plain):
            return True
        return not named and len(stems_of(text) & set(self.stems)) >= _SHARED


def wording_of(challenge: Challenge, mutant: Mutant, common: Iterable[str]) -> Wording:
    """Return what a comment on `mutant` mentions; `common` are stems that tell nothing."""
    checks = [check for check in challenge.checks if check.id in mutant.killed_by]
    known = [mutant.review_says, mutant.symptom, mutant.changed_text]
    known += [check.title for check in checks]
    narrow = {name for name, each in defect_classes().items() if not each.wide}
    classes = classes_of(mutant.defect) | (classes_mentioned(mutant.review_says) & narrow)
    stems, own = stems_of(" ".join(known)) - set(common), stems_of(mutant.review_says)
    if len(stems & own) < _SHARED:
        stems |= own
    return Wording(
        classes=tuple(sorted(classes)),
        entries=mutant.review_words,
        stems=tuple(sorted(stems)),
        clauses=tuple(dict.fromkeys(check.clause for check in checks if check.clause)),
    )


def common_stems(mutants: Iterable[Mutant]) -> frozenset[str]:
    """Return the stems of words that stand in the comments on many of `mutants`."""
    comments = [stems_of(f"{each.review_says} {each.symptom}") for each in mutants]
    counts = Counter(stem for stems in comments for stem in stems)
    most = max(2, _COMMON * len(comments))
    return frozenset(stem for stem, count in counts.items() if count > most)


def stems_of(text: str) -> frozenset[str]:
    """Return the words of `text` that say something, without their endings."""
    words = (word for word in re.findall(r"\w+", normalized(text)) if word not in _IDLE)
    stems = (_ENDINGS.sub("", word) for word in words if len(word) >= _SHORTEST)
    return frozenset(stem for stem in stems if len(stem) >= _SHORTEST - 1)


def says_something(text: str) -> bool:
    """Return whether a comment says what goes wrong, of whatever defect."""
    return bool(classes_mentioned(text))
