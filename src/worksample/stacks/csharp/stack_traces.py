"""Where the exceptions in a log of .NET touch the project's own code first."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TYPE = r"[A-Za-z_][\w`+]{0,100}(?:\.[A-Za-z_][\w`+]{0,100}){0,20}"
#: `System.InvalidOperationException: words`, `Npgsql.PostgresException (0x80004005): words`.
_HEAD = re.compile(
    rf"^\s*(?:Unhandled exception\. |---> |\(Inner Exception #\d+\) )?"
    rf"(?P<type>{_TYPE}(?:Exception|Error))(?: \([0-9a-fA-Fx]+\))?(?:: (?P<words>.*))?$"
)
_FRAME = re.compile(r"^\s+at \S.*? in (?P<path>\S.*?):line (?P<line>\d+)\s*$")
_COMPILER = re.compile(
    r"^[ \t]*(/[^\s(]+\.(?:cs|razor|cshtml))\((\d+),\d+\): error (\w+: .{1,500})", re.MULTILINE
)
#: A structured log has the whole trace in one line, between quotation marks.
_QUOTE = re.compile(r'(?<!\\)"')
_FOLDED = "\\n   at "
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_MEANT = {"n": "\n", "r": "", "t": "\t"}
#: Where the sources of packages lie in the traces of .NET, and what its tools generate.
_LIBRARY = re.compile(r"^/_\d?/|/\.nuget/|/obj/|^[A-Z]:\\")
MAX_LINE = 2_000


def error_places(log: str) -> list[str]:
    """Return the place of each exception in `log` that touches own code.

    Of an exception that another one wraps, the inner one counts: it came first. Of the errors of a
    compiler, those after the first are often its consequences.
    """
    found: list[str] = []
    error, placed = "", True
    for line in _lines(log):
        if match := _HEAD.match(line):
            words = (match["words"] or "").strip()
            short = match["type"].rpartition(".")[2]
            error, placed = f"{short}: {words}" if words else short, False
        elif placed:
            continue
        elif (match := _FRAME.match(line)) and not _LIBRARY.search(match["path"]):
            found.append(f"{match['path']}:{match['line']}: {error}")
            placed = True
    if not found and (match := _COMPILER.search(log)):
        told = match[3].partition(" [/")[0]  # the project file stands behind it
        return [f"{match[1]}:{match[2]}: {told.strip()}"]
    return found


def _lines(log: str) -> Iterator[str]:
    for line in log.splitlines():
        folded = [each for each in _QUOTE.split(line) if _FOLDED in each] if _FOLDED in line else []
        for each in folded:
            yield from _ESCAPE.sub(_unescaped, each).splitlines()
        if not folded:
            yield line[:MAX_LINE]


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _MEANT.get(match[2], match[2])
