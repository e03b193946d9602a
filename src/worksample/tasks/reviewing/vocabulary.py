"""Validate that a comment on each mutant can count: there are words for what it plants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worksample.catalogue.answers import MUTANTS, answers_of
from worksample.catalogue.defect_classes import classes_of
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.mutants import read_mutant
from worksample.errors import CatalogueError, MissingAnswers
from worksample.messages import message


def mistakes_in_vocabulary(challenge: Path, needed_by: str) -> Iterator[Mistake]:
    """Yield the mutants of the challenge in `challenge` whose class has no words.

    Those that cannot be read are told elsewhere.
    """
    try:
        answers = answers_of(challenge, needed_by)
    except MissingAnswers:
        return
    for path in sorted((answers.folder / MUTANTS).glob("*/*.patch")):
        try:
            mutant = read_mutant(path)
        except (CatalogueError, KeyError, TypeError, AttributeError):
            continue
        if not classes_of(mutant.defect) and not mutant.review_words:
            at = matching_line(path.read_text(encoding="utf-8"), "^defect:")
            yield Mistake(
                path,
                at,
                message(
                    "no class of defects has the id {defect}, so no comment of a review would "
                    "count: use an id of defect_classes.toml, or add `words` to `review`",
                    defect=repr(mutant.defect),
                ),
            )
