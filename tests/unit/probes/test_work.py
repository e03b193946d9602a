"""Database work per request: counted statements, growth and repeated writes."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.probes.work import Work, cheapest, growing_statements, repeated_writes, work_of
from worksample.wire import Outcome, RoundTrip
from worksample.wire.postgres import Kind, SqlStatement


def trip(*statements: tuple[str, str, int], running: bool = False) -> RoundTrip:
    """Return a round trip of statements: (SQL, command tag, rows returned or affected)."""
    made = RoundTrip(1, 1, Kind.EXTENDED, 0.0)
    made.outcome = Outcome.RUNNING if running else Outcome.ANSWERED
    for sql, tag, rows in statements:
        back = 0 if tag.startswith(("INSERT", "UPDATE", "DELETE")) else rows
        made.add(
            SqlStatement(sql, executed=True, rows=back, affected=rows, size=10 * back, tag=f"{tag}")
        )
    return made


def works(*written: Sequence[str]) -> list[Work]:
    return [Work({}, written=tuple(each)) for each in written]


def test_housekeeping_statements_do_not_count() -> None:
    trips = [
        trip(("BEGIN", "BEGIN", 0)),
        trip(("SET timezone = 'UTC'", "SET", 0), ("SELECT 1", "SELECT 1", 1)),
        trip(("select a from t where b = 1", "SELECT 3", 3)),
        trip(("select set_config('a', 'b', false)", "SELECT 1", 1)),
        trip(("COMMIT", "COMMIT", 0)),
        trip(("select never_answered", "", 0), running=True),
    ]
    found = work_of(trips)
    assert dict(found.statements) == {"select a from t where b = ?": 1}
    assert (found.count, found.rows, found.size, found.written) == (1, 3, 30, ())


def test_only_statements_that_change_rows_count_as_writes() -> None:
    found = work_of(
        [
            trip(("update t set a = 1", "UPDATE 2", 2)),
            trip(("delete from t where old", "DELETE 0", 0)),
            trip(("select a from t for update", "SELECT 1", 1)),
        ]
    )
    assert found.written == ("update t set a = ?",)


def test_growing_statements_names_the_n_plus_one() -> None:
    small = Work({"select page": 1, "select tags": 1})
    large = Work({"select page": 1, "select tags": 20, "select once": 1})
    assert growing_statements(small, large) == [("select tags", 1, 20), ("select once", 0, 1)]


def test_cheapest_of_several_measurements() -> None:
    first, second = Work({"a": 1, "connect": 1}), Work({"a": 1}, rows=2)
    assert cheapest([first, second]) is second


def test_one_time_writes_are_not_repeated_writes() -> None:
    assert repeated_writes(works(["make a row"], [], [], [])) == []
    assert repeated_writes(works(["count"], ["count"], ["count"], ["count"])) == ["count"]


def test_background_write_may_appear_one_read_later() -> None:
    assert repeated_writes(works([], ["count"], ["count"], ["count"])) == ["count"]
