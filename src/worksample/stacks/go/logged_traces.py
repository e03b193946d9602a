"""Traces as frameworks and structured logs write them, made into those that Go itself prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A structured log has the whole trace in one line, and the error before it or under such a name.
_FOLDED = re.compile(r"goroutine \d+ \[[^\]\n]{0,80}\]:\\n")
_TOLD = re.compile(
    r'\b(?:panic|recovered|error|err|reason|cause)"?[=:] ?(?:"((?:[^"\\\n]|\\.)*)"|(\S+))'
)
#: Gin: the place, then the source in a line of its own.
_GIN_FRAME = re.compile(r"^(/\S+\.go:\d+) \(0x[0-9a-f]+\)$")
_GO_ITSELF = re.compile(r"^(/\S{1,200})/src/runtime/[\w.]+:\d+ \(0x", re.MULTILINE)
#: chi: `-> shop.Add` and `->   /app/shop.go:3`; below the first, spaces instead of the arrow.
_CHI_LINE = re.compile(r"^(?: ->|   ) (?P<indent> +)?(?P<what>\S+)$")
_GOROUTINE = "goroutine 1 [running]:"

#: How Go itself begins to tell a panic.
_PANIC = "panic: "


def plain_traces(log: str) -> Iterator[str]:
    """Yield the lines of `log`, with each trace of another form as lines of Go's own."""
    lines = log.splitlines()
    found = _GO_ITSELF.search(log)
    own_library = f"{found[1]}/src/" if found else "\0"
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else ""
        if match := _FOLDED.search(line):
            yield from _unfolded(line[: match.start()], line[match.start() :])
        elif match := _GIN_FRAME.match(line):
            if not before.startswith("\t") and not _GIN_FRAME.match(before):
                yield _PANIC + before.strip()
                yield _GOROUTINE
            if not line.startswith(own_library):
                yield "main.x()"  # its name is not known, and Go's own are left out
                yield f"\t{match[1]}"
        elif _GIN_FRAME.match(before):
            continue
        elif before.startswith(" panic: ") and not line.strip():
            yield _GOROUTINE
        elif match := _CHI_LINE.match(line):
            yield f"\t{match['what']}" if match["indent"] else f"{match['what']}()"
        else:
            yield line


def _unfolded(before: str, trace: str) -> Iterator[str]:
    """Yield the lines of a `trace` within one line, with its error first."""
    told = _TOLD.search(before)
    error = (told[1] or told[2]) if told else before.rpartition('"')[2].strip(" ;:")
    yield _PANIC + (error or "panic")
    yield from trace.replace("\\n", "\n").replace("\\t", "\t").splitlines()
    yield ""
