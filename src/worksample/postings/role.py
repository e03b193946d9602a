"""Classify the role of an ad: backend development or another profession."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from worksample.postings import lexicon
from worksample.postings.tokens import Tokens, fold
from worksample.skills import load

BACKEND = (True, "backend development")
_SOUGHT = 60
"""The number of characters in which the job is named after "we are looking for"."""


def classify_role(title: str, tokens: Tokens, skills: Collection[str]) -> tuple[bool, str]:
    """Return (is backend, role), based on the title, the text and the ids of the skills.

    Full-stack and operations roles (SRE, DevOps) count as backend.
    """
    named, text = fold(title), fold(tokens.text)
    if _pattern("backend").search(named):
        return BACKEND
    other = _other_role(named)
    if not other and not _pattern("software").search(named):
        sought = _job_sought(text)
        if _pattern("backend").search(sought) and skills:
            return BACKEND
        other = _other_role(sought)
    return (False, other) if other else _classify_by_content(named, text, skills)


def _other_role(named: str) -> str:
    """Return the profession other than backend development that a title names, or ""."""
    if _pattern("elsewhere").search(named) and not _pattern("software").search(named):
        return "another profession"
    groups = [lexicon.roles()["others"]]
    if not _pattern("developer").search(named):
        groups.append(lexicon.roles()["fields"])
    for group in groups:
        for role, patterns in group.items():
            if re.search("|".join(patterns), named):
                return str(role)
    return ""


def _job_sought(text: str) -> str:
    """Return the words after the first "we are looking for" of a text, or ""."""
    match = _pattern("seeks").search(text)
    return re.split(r"[.,;:!?\n]", text[match.end() :][:_SOUGHT])[0] if match else ""


def _classify_by_content(named: str, text: str, skills: Collection[str]) -> tuple[bool, str]:
    server = len(set(lexicon.roles()["server"]) & set(skills))
    technical = sum(load()[skill].is_technology for skill in skills)
    if _is_in_browser(skills):
        return False, "front-end development"
    if _pattern("backend").search(text) and (technical >= 2 or not named):
        return BACKEND
    if _pattern("software").search(named) and (server >= 1 or technical >= 2):
        return BACKEND
    if server >= 2 and technical >= 3:
        return BACKEND
    if not named and server >= 2 and _pattern("software").search(text):
        return BACKEND
    return False, "software work without a server side" if technical >= 2 else "another profession"


def _is_in_browser(skills: Collection[str]) -> bool:
    """Return whether the skills name a framework of browsers, and no language of servers."""
    roles = lexicon.roles()
    return bool(set(roles["browser"]) & set(skills)) and not set(roles["server_languages"]) & set(
        skills
    )


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile("|".join(lexicon.roles()[group]))
