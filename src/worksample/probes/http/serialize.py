"""A request as the bytes that go onto the connection."""

from __future__ import annotations

from worksample.probes.exchange import Request

# RFC 9110 8.6: these anticipate content, so an empty body is said to be empty.
WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})


def serialize_request(request: Request, host: str) -> bytes:
    """Return `request` as bytes: as asked, with `Host` and `Content-Length` added when absent.

    `host` is the value for `Host`. No `Content-Length` is added beside a `Transfer-Encoding`:
    a probe that brings its own framing keeps it. Raise `ValueError` for a line break in the
    method, target or a header, and for characters outside latin-1: such a request cannot be
    sent as what it says, so asking for it is a mistake of the probe.
    """
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    names = set()
    for name, value in request.headers:
        names.add(name.lower())
        lines.append(f"{name}: {value}")
    if "host" not in names:
        lines.insert(1, f"Host: {host}")
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
            "a request holds a line break in its method, target or a header: "
            f"{text[:200]!r}; encode it, or put it into the body"
        )


def _encoded(text: str) -> bytes:
    try:
        return f"{text}\r\n\r\n".encode("latin-1")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"a request line or header holds {text[error.start]!r}, which is not latin-1; "
            "percent-encode it, or pass its UTF-8 bytes decoded as latin-1"
        ) from error
