"""Where a traceback of Python ends in the project's own code."""

from __future__ import annotations

import re

_FRAME = re.compile(r'^\s*File "([^"\n]+)", line (\d+).*$', re.MULTILINE)
_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib(?:64)?/python\d|^<")
_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?::.*)?$", re.MULTILINE)


def error_place(log: str) -> str:
    """Return the last frame of own code in `log` with its error, or an empty text."""
    own = [frame for frame in _FRAME.finditer(log) if not _INSTALLED.search(frame[1])]
    if not own:
        return ""
    place = f"{own[-1][1]}:{own[-1][2]}"
    error = _ERROR.search(log, own[-1].end())
    return f"{place}: {error[0]}" if error else place
