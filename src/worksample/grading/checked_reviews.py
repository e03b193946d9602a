"""How many different reviews were checked in a workspace.

A review that was accepted at the tenth attempt may have been guessed, so the report says how many
there were. The folder `.worksample` keeps a digest of each.
"""

from __future__ import annotations

import hashlib

from worksample.grading.workspace import STATE_FOLDER, Workspace
from worksample.messages import message
from worksample.tasks.reviewing.form import Review

_FILE = "reviews"


def note_of_reviews(workspace: Workspace, review: Review) -> str:
    """Record that `review` is checked now; return the sentence for reports, "" for the first one.

    A review that says the same as an earlier one is not counted again. Where nothing can be
    written, only what was recorded before counts.
    """
    known = _known(workspace)
    own = _digest(review)
    if own not in known:
        known = [*known, own]
        _record(workspace, own)
    if len(known) == 1:
        return ""
    return message(
        "{count} different reviews were checked here, this one among them", count=len(known)
    )


def _digest(review: Review) -> str:
    """Return a digest of what a review says, wherever it stands in the form."""
    said = [(each.place, each.last, each.severity, each.text) for each in review.comments]
    return hashlib.sha256(repr((review.decision, sorted(said))).encode()).hexdigest()


def _known(workspace: Workspace) -> list[str]:
    path = workspace.folder / STATE_FOLDER / _FILE
    try:
        return list(dict.fromkeys(path.read_text(encoding="utf-8").split()))
    except (OSError, UnicodeDecodeError):
        return []


def _record(workspace: Workspace, digest: str) -> None:
    try:
        with (workspace.state_folder() / _FILE).open("a", encoding="utf-8") as file:
            file.write(f"{digest}\n")
    except OSError:
        return
