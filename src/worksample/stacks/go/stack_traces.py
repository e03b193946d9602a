"""Where the panics in a log of Go touch the project's own code first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksample.stacks.go.logged_traces import plain_traces

_HEAD = re.compile(r"(?:^|\s)(?:panic|fatal error|http: panic serving \S+|panic recovered): *(.*)$")
_GOROUTINE = re.compile(r"goroutine \d+[^\[\n]* \[[^\]\n]*\]:$")
#: `example.com/shop/cart.(*Cart).Add(0x1)`: the package ends at the first dot of its last part.
_FUNCTION = re.compile(r"(?:created by )?((?:[\w.%~-]+/)*[\w%~-]+)\.\S")
_FRAME = re.compile(r"\s+(\S+\.go):(\d+)(?: \+0x[0-9a-f]+)?$")
_COMPILER = re.compile(r"^(?:\./)?([^\s:]+\.go):(\d+):\d+: (.+)$", re.MULTILINE)
_DATE = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? ")
_RECOVERED = re.compile(r" \[recovered[^\]\n]*\]$")
_PANIC = "panic("
MAX_LINES = 500  # of a trace; Go itself leaves out the middle of a longer one


def error_places(log: str) -> list[str]:
    """Return the place of each panic in `log` that touches own code.

    Of the errors of a compiler, those after the first are often its consequences. Other goroutines,
    whose traces follow the one that panicked, are passed over.
    """
    found: list[str] = []
    error, lines = "", list(plain_traces(log))
    for number, line in enumerate(lines):
        if match := _HEAD.search(line):
            # A panic in a deferred function is told below the first one, indented.
            error = error if error and line.startswith("\t") else match[1].strip()
        elif _GOROUTINE.match(line):
            # One that recovers may print its own words, in the line before the trace.
            error = error or _DATE.sub("", lines[number - 1] if number else "").strip()
            if error and (place := _own_place(lines[number + 1 : number + MAX_LINES])):
                found.append(f"{place}: {_RECOVERED.sub('', error)}")
            error = ""
    if not found and (match := _COMPILER.search(log)):
        return [f"{match[1]}:{match[2]}: {match[3]}"]
    return found


def _own_place(lines: Sequence[str]) -> str:
    """Return the place of the first own frame of the trace with which `lines` begin.

    What stands above the call of `panic` is what recovered from it.
    """
    place = package = ""
    for line in lines:
        if line.startswith(_PANIC):
            place, package = "", "runtime"
        elif match := _FRAME.match(line):
            if not place and not _is_library(match[1], package):
                place = f"{match[1]}:{match[2]}"
        elif match := _FUNCTION.match(line):
            package = match[1]
        else:
            break
    return place


def _is_library(path: str, package: str) -> bool:
    """Whether a frame is in a downloaded module or in Go's own library."""
    folder = path.rpartition("/")[0]
    standard = (f"/src/{package}", "/src/runtime")  # some functions of runtime have other names
    is_standard = "." not in package.split("/")[0] and folder.endswith(standard)
    return "/pkg/mod/" in path or "/vendor/" in path or is_standard
