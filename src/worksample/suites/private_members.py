"""Whether the members of an answer that its contract does not name hold something private."""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson

from worksample.checks.contract import Violation
from worksample.suites.leak_patterns import HASH

_SECRET = re.compile(r"pass(?:word|wd|_|$)|pwd|hash(?!t)|salt|secret|api_?key", re.I)
_ADDRESS = re.compile(rb"[^\s\"@]@[^\s\"@]+\.[a-z]{2,}", re.I)
#: What only its owner may see: private where the contract does not show it in the same object.
_OWN = tuple(re.compile(word, re.I) for word in ("e_?mail", "token", "phone"))
_MAIL = _OWN[0]


def shows_private(violation: Violation) -> bool:
    """Return whether one of the unexpected members holds a secret, a hash or an address.

    The owner of an account may see what is theirs: an object in which the contract has an e-mail
    address or a token may hold a second one.
    """
    named = [name for name in violation.holder if name not in violation.unexpected]
    return any(
        _is_private(name, violation.holder.get(name), named) for name in violation.unexpected
    )


def _is_private(name: str, value: object, named: Iterable[str]) -> bool:
    if _SECRET.search(name) and value is not None:
        return True
    if any(kind.search(name) and not any(map(kind.search, named)) for kind in _OWN):
        return value is not None
    text = orjson.dumps(value)
    shows_address = _ADDRESS.search(text) and not any(map(_MAIL.search, named))
    return bool(HASH.search(text) or shows_address)
