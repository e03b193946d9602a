"""Why an answer cannot be used, inside the client."""

from __future__ import annotations

from worksample.probes.exchange import Trouble

SHOWN = 80


class AnswerError(Exception):
    """The answer cannot be used: `trouble` says why, `detail` shows it (bounded, escaped)."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


def not_http(what: str, data: bytes | str = b"") -> AnswerError:
    """Return the problem that the answer breaks the HTTP grammar, with the bytes that do."""
    return AnswerError(Trouble.NOT_HTTP, f"{what}: {shown(data)}" if data else what)


def too_large(what: str, limit: int) -> AnswerError:
    """Return the problem that `what` is larger than `limit` bytes."""
    return AnswerError(Trouble.TOO_LARGE, f"{what} is larger than {limit} bytes")


def shown(data: bytes | str) -> str:
    """Return the first bytes of `data` as a Python literal: printable, bounded."""
    raw = data.encode("latin-1") if isinstance(data, str) else bytes(data[: SHOWN + 1])
    text = repr(raw[:SHOWN])[1:]
    return text if len(raw) <= SHOWN else f"{text}..."
