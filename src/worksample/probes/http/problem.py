"""Internal errors of the client for unusable responses."""

from __future__ import annotations

from worksample.messages import message
from worksample.probes.exchange import Trouble

MAX_EXCERPT = 80


class ResponseError(Exception):
    """A response that cannot be used. `trouble` is the reason, `detail` a short escaped excerpt."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


def not_http(what: str, data: bytes | str = b"") -> ResponseError:
    """Return an error for an answer that violates the HTTP grammar, with the offending bytes."""
    detail = message("{what}: {excerpt}", what=what, excerpt=excerpt(data)) if data else what
    return ResponseError(Trouble.NOT_HTTP, detail)


def too_large(what: str, limit: int) -> ResponseError:
    """Return an error for a part (`what`) that is larger than `limit` bytes."""
    return ResponseError(
        Trouble.TOO_LARGE, message("{what} is larger than {limit} bytes", what=what, limit=limit)
    )


def not_within(seconds: float, what: str) -> str:
    """Return the detail of a timeout: `what` did not come within `seconds`."""
    return message("{what} within {seconds} s", what=what, seconds=f"{seconds:g}")


def excerpt(data: bytes | str) -> str:
    """Return the first bytes of `data` as a printable Python literal."""
    raw = data.encode("latin-1") if isinstance(data, str) else bytes(data[: MAX_EXCERPT + 1])
    text = repr(raw[:MAX_EXCERPT])[1:]
    return text if len(raw) <= MAX_EXCERPT else f"{text}..."
