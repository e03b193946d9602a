"""Error numbers of MySQL, as the wire reads them.

https://mariadb.com/kb/en/mariadb-error-code-reference/
"""

from __future__ import annotations

from pymysql.constants import ER

from worksample.messages import message

#: A row that changed since the snapshot, and deadlocks; keys that are taken; foreign keys; CHECK.
CONFLICTS = (
    *("1020", "1213"),
    *("1062", "1169", "1586"),
    *("1216", "1217", "1451", "1452"),
    "4025",
)
#: With NOWAIT, MariaDB answers as after a time-out; the other one is MySQL's.
LOCK_REFUSALS = ("1205", "3572")
_NAMES = {str(code): name for name, code in vars(ER).items() if isinstance(code, int)}


class ErrorNumbers:
    """See `ErrorCodes`; a code is an error number."""

    def describe(self, code: str) -> str:
        """Return MySQL's name for the error: `lock deadlock (1213)`."""
        if code not in _NAMES:
            return message("error {code}", code=code)
        return f"{_NAMES[code].replace('_', ' ').lower()} ({code})"

    def is_conflict(self, code: str) -> bool:
        """See `ErrorCodes`."""
        return code in CONFLICTS

    def is_lock_refusal(self, code: str) -> bool:
        """See `ErrorCodes`."""
        return code in LOCK_REFUSALS
