"""What cannot be asked of a server, as far as that is known before the checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from worksample.checks import CheckContext
from worksample.errors import DatabaseError
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.stacks.base import stacks
from worksample.targets import Target

_CONSEQUENCES = (
    "Races are looked for by bursts of requests alone, not statement by statement, so a pass is "
    "less certain.",
    "Not looked for: crashes between statements, lost connections, outages of the database, and "
    "what statements cost.",
)
_SQLITE = b"SQLite format 3\x00"
_MAX_FILES = 2000


async def note_limits(context: CheckContext, exchanges: Sequence[Exchange]) -> None:
    """Note what cannot be asked of the server, which answered the first `exchanges`, and why."""
    for sentence in await _limits(context, exchanges):
        context.note(sentence)


async def _limits(context: CheckContext, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    if not isinstance(context.target, Target):
        why = "This server runs already: its process and its database are out of reach."
        return (why, *_CONSEQUENCES)
    if not await _keeps_data_elsewhere(context, exchanges):
        return ()
    if file := _sqlite_file(context.target.built.folder):
        template = "The server keeps its data in SQLite ({file}), not in the database it was given."
        return (message(template, file=file), *_CONSEQUENCES)
    return ("The server keeps nothing in the database that it was given.", *_CONSEQUENCES)


async def _keeps_data_elsewhere(context: CheckContext, exchanges: Sequence[Exchange]) -> bool:
    """Whether a write succeeded and no table of the database has a row."""
    written = any(each.request.method != "GET" and 200 <= each.status < 300 for each in exchanges)
    if context.database is None or not written:
        return False
    with suppress(DatabaseError):
        return not await context.database.rows_containing("")
    return False


def _sqlite_file(folder: Path) -> str:
    """Return the path of a file of SQLite in the copy of the submission, or an empty text."""
    for path in islice(_files(folder), _MAX_FILES):
        with suppress(OSError), path.open("rb") as file:
            if file.read(len(_SQLITE)) == _SQLITE:
                return path.relative_to(folder).as_posix()
    return ""


def _files(folder: Path) -> Iterator[Path]:
    """Return the files that may hold data, outside the folders with installed packages."""
    suffixes = (".db", ".sqlite", ".sqlite3", ".db3", "")
    libraries = {name for each in stacks().values() for name in each.library_folders}
    return (
        each
        for each in folder.rglob("*")
        if each.suffix in suffixes and each.is_file() and not libraries & set(each.parts)
    )
