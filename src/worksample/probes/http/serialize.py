"""Serialize a request to bytes."""

from __future__ import annotations

from worksample.probes.exchange import Request

# RFC 9110 8.6: these methods anticipate content, so an empty body needs Content-Length: 0.
WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})


def serialize_request(request: Request, host: str, agent: str = "") -> bytes:
    """Return `request` as bytes; add `Host` (with the value `host`) and `Content-Length` if absent.

    With `agent`, a `User-Agent` of this value is added, too.

    `Content-Length` is not added to a request with `Transfer-Encoding`. Raises `ValueError` for a
    line break in the method, target or a header, and for characters outside latin-1: such a request
    cannot be sent as specified, which is a bug in the probe.
    """
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    names = set()
    for name, value in request.headers:
        names.add(name.lower())
        lines.append(f"{name}: {value}")
    if "host" not in names:
        lines.insert(1, f"Host: {host}")
    if agent and "user-agent" not in names:
        lines.append(f"User-Agent: {agent}")
    body = request.body
    if _needs_length(request, names):
        lines.append(f"Content-Length: {len(body)}")
    text = "\r\n".join(lines)
    _refuse_breaks(text, len(lines))
    return _encoded(text) + body


def _needs_length(request: Request, names: set[str]) -> bool:
    if "content-length" in names or "transfer-encoding" in names:
        return False
    return bool(request.body) or request.method in WITH_CONTENT


def _refuse_breaks(text: str, lines: int) -> None:
    if text.count("\n") != lines - 1 or text.count("\r") != lines - 1:
        raise ValueError(
            "a request has a line break in its method, target or a header: "
            f"{text[:200]!r}; encode it, or put it into the body"
        )


def _encoded(text: str) -> bytes:
    try:
        return f"{text}\r\n\r\n".encode("latin-1")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"a request line or header contains {text[error.start]!r}, which is not latin-1; "
            "percent-encode it, or pass its UTF-8 bytes decoded as latin-1"
        ) from error
