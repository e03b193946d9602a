"""Why an answer cannot be used, inside the client."""

from __future__ import annotations

from worksample.probes.exchange import Trouble

MAX_EXCERPT = 80


class ResponseError(Exception):
    """The answer cannot be used: `trouble` says why, `detail` shows it (bounded, escaped)."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


def not_http(what: str, data: bytes | str = b"") -> ResponseError:
    """Return the problem that the answer breaks the HTTP grammar, with the bytes that do."""
    return ResponseError(Trouble.NOT_HTTP, f"{what}: {excerpt(data)}" if data else what)


def too_large(what: str, limit: int) -> ResponseError:
    """Return the problem that `what` is larger than `limit` bytes."""
    return ResponseError(Trouble.TOO_LARGE, f"{what} is larger than {limit} bytes")


def excerpt(data: bytes | str) -> str:
    """Return the first bytes of `data` as a Python literal: printable, bounded."""
    raw = data.encode("latin-1") if isinstance(data, str) else bytes(data[: MAX_EXCERPT + 1])
    text = repr(raw[:MAX_EXCERPT])[1:]
    return text if len(raw) <= MAX_EXCERPT else f"{text}..."
