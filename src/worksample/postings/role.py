"""Classify the role of an ad: backend development or another profession."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from worksample.postings import lexicon
from worksample.postings.tokens import Tokens, fold
from worksample.skills import load


def classify_role(title: str, tokens: Tokens, skills: Collection[str]) -> tuple[bool, str]:
    """Return (is backend, role), based on the title, the text and the ids of the skills.

    Full-stack and operations roles (SRE, DevOps) count as backend.
    """
    named = fold(title)
    if _pattern("elsewhere").search(named):
        return False, "another profession"
    if _pattern("backend").search(named):
        return True, "backend development"
    for other, patterns in lexicon.roles()["others"].items():
        if re.search("|".join(patterns), named):
            return False, other
    return _classify_by_content(named, fold(tokens.text), skills)


def _classify_by_content(named: str, text: str, skills: Collection[str]) -> tuple[bool, str]:
    server = len(set(lexicon.roles()["server"]) & set(skills))
    technical = sum(load()[skill].is_technology for skill in skills)
    if _pattern("backend").search(text) and (technical >= 2 or not named):
        return True, "backend development"
    if _pattern("software").search(named) and (server >= 1 or technical >= 2):
        return True, "backend development"
    if server >= 2 and technical >= 3:
        return True, "backend development"
    if not named and server >= 2 and _pattern("software").search(text):
        return True, "backend development"
    return False, "software work without a server side" if technical >= 2 else "another profession"


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile("|".join(lexicon.roles()[group]))
