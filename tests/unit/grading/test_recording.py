"""A recording holds every exchange whole, and never ends a run."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support import reports
from tests.support.hostile import HostileServer, ok_response, respond_always
from worksample.grading.recording import Recording
from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient, Session
from worksample.probes.http.session import MAX_EXCHANGES, MAX_RECORDED_BYTES

FULL = Path("/dev/full")


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def test_holds_every_exchange_between_head_and_end(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl.gz"
    with Recording(path, reports.rejected()) as recording:
        recording.record("one", 0, reports.exchange(sent=b"\x00\xff", got={"a": 1}))
        recording.record("two", 1, reports.broken_exchange())
    head, one, two, end = lines(path)
    assert head == {"format": 1, "run": "20261123-184212-3fa9", "challenge": "conduit", "seed": 42}
    assert (one["check"], one["attempt"], two["check"], two["attempt"]) == ("one", 0, "two", 1)
    assert one["exchange"]["request"]["body"] == {"base64": "AP8="}
    assert one["exchange"]["response"]["body"] == '{"a":1}'
    assert two["exchange"]["trouble"] == "connection closed before the answer was complete"
    assert end == {"exchanges": 2}
    assert recording.problems == []


def test_holds_what_a_session_trims_and_forgets(tmp_path: Path) -> None:
    path, body = tmp_path / "all.jsonl.gz", b"y" * 300_000
    number = MAX_RECORDED_BYTES // 300_000 + MAX_EXCHANGES // 1000

    async def scene(url: str, recording: Recording) -> Session:
        client = HttpClient(url)
        session = Session(client, lambda exchange: recording.record("one", 0, exchange))
        other = session.through(client, "at the other copy")
        for _ in range(number):
            await other.exchange(Request("POST", "/", (), body))
        await client.aclose()
        return session

    with (
        HostileServer(respond_always(ok_response(body))) as server,
        Recording(path, reports.rejected()) as recording,
    ):
        session = asyncio.run(scene(server.url, recording))
    assert session.forgotten > 0
    _, *exchanges, end = lines(path)
    assert end == {"exchanges": number}
    assert {len(each["exchange"]["response"]["body"]) for each in exchanges} == {len(body)}
    assert {each["exchange"]["response"]["omitted"] for each in exchanges} == {0}


def test_lacks_its_end_when_interrupted(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl.gz"
    with pytest.raises(KeyboardInterrupt), Recording(path, reports.rejected()) as recording:
        recording.record("one", 0, reports.exchange())
        raise KeyboardInterrupt
    assert [list(line) for line in lines(path)][1:] == [["check", "attempt", "exchange"]]


def test_says_so_when_it_cannot_be_opened(tmp_path: Path) -> None:
    with Recording(tmp_path / "no" / "where.gz", reports.rejected()) as recording:
        recording.record("one", 0, reports.exchange())
    assert recording.problems == [
        "The recording where.gz ends after 0 exchanges: No such file or directory."
    ]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_says_so_when_the_disk_is_full() -> None:
    with Recording(FULL, reports.rejected()) as recording:
        for _ in range(3):
            recording.record("one", 0, reports.exchange(got=bytes(range(256)) * 400))
    [problem] = recording.problems
    assert problem.endswith("No space left on device.")
