"""No noun of a challenge in `worksample.suites`: a family must fit any product."""

from __future__ import annotations

import re
from pathlib import Path

import worksample.suites

FOLDER = Path(worksample.suites.__file__).parent
NOUNS = (
    "article", "slug", "comment", "favou?rite", "tag", "follow(er|ing)?", "feed", "profile",
    "conduit", "bio", "sailing", "ferry", "booking", "reservation",
)  # fmt: skip
#: Also inside of identifiers, in the plural, and in capitals.
PATTERN = re.compile(rf"(?<![a-z])({'|'.join(NOUNS)})(s|d|ed|List)?(?![a-z])", re.I)


def test_suites_hold_no_noun_of_a_challenge() -> None:
    found = [
        f"{path.relative_to(FOLDER)}:{number}: {line.strip()}"
        for path in sorted(FOLDER.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if PATTERN.search(line)
    ]
    assert not found
