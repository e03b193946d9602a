"""Profiles: which rules of a brief a run judges by, and which it only remarks on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """What a run judges by; the default is the brief, all of whose rules count.

    title: what a report says that the server was judged by ("the brief").
    remarks: the rules that do not count: a server that breaks one gets a remark.
    public: whether existing servers are written for it, so that it is the default for a folder
        that names no profile.
    """

    id: str = "brief"
    title: str = "the brief"
    remarks: frozenset[str] = frozenset()
    public: bool = False


BRIEF = Profile()
