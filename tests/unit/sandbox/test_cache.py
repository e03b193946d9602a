"""A cache entry is whole or made again; two who want the same wait for each other."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from worksample.sandbox import cache
from worksample.sandbox.folders import Workroom, fast_parent


class Maker:
    """Makes entries and counts how often; the first `failures` times it breaks half way."""

    def __init__(self, failures: int = 0) -> None:
        self.made, self.failures = 0, failures

    async def __call__(self, folder: Path) -> None:
        self.made += 1
        (folder / "half").write_text("x")
        await asyncio.sleep(0)
        if self.made <= self.failures:
            raise RuntimeError("interrupted")
        (folder / "whole").write_text("y")


def good(folder: Path) -> bool:
    return (folder / "whole").read_text() == "y"


def test_it_is_made_once_and_found_again(tmp_path: Path) -> None:
    make = Maker()
    for _ in range(3):
        folder = asyncio.run(cache.entry(tmp_path / "a", make, check=good))
        assert (folder / "whole").exists()
    assert make.made == 1


def test_many_at_once_make_it_once(tmp_path: Path) -> None:
    make = Maker()

    async def scene() -> None:
        await asyncio.gather(*(cache.entry(tmp_path / "a", make) for _ in range(8)))

    asyncio.run(scene())
    assert make.made == 1


def test_one_that_was_interrupted_is_made_again(tmp_path: Path) -> None:
    make = Maker(failures=1)
    with pytest.raises(RuntimeError):
        asyncio.run(cache.entry(tmp_path / "a", make, check=good))
    asyncio.run(cache.entry(tmp_path / "a", make, check=good))
    assert make.made == 2


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_a_corrupt_one_is_made_again(tmp_path: Path, damage: str) -> None:
    make = Maker()
    folder = asyncio.run(cache.entry(tmp_path / "a", make, check=good))
    if damage == "change":
        (folder / "whole").write_text("rubbish")
    else:
        (folder / "whole").unlink()
    asyncio.run(cache.entry(tmp_path / "a", make, check=good))
    assert make.made == 2
    assert good(folder)


def test_one_that_is_thrown_away_is_made_again(tmp_path: Path) -> None:
    make = Maker()

    async def scene() -> None:
        await cache.entry(tmp_path / "a", make)
        await cache.discard(tmp_path / "a")
        await cache.entry(tmp_path / "a", make)

    asyncio.run(scene())
    assert make.made == 2


def test_the_stated_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSAMPLE_CACHE", str(tmp_path / "mine"))
    assert cache.cache_root() == tmp_path / "mine"


def test_a_home_that_cannot_be_written_leads_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("no folder at all")
    monkeypatch.delenv("WORKSAMPLE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = cache.cache_root()
    assert found.is_dir()
    assert not found.is_relative_to(tmp_path / "home")


def test_one_that_others_cannot_enter_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("WORKSAMPLE_CACHE", str(closed / "cache"))
    assert cache.cache_root() == closed / "cache"
    assert not cache.open_to_others(closed / "cache")
    assert cache.cache_root(for_others=os.geteuid() == 0) is not None
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_workroom_is_gone_afterwards_whatever_lies_in_it(tmp_path: Path) -> None:
    async def scene() -> Path:
        async with Workroom.open("test", within=tmp_path) as room:
            (room.path / "a" / "b").mkdir(parents=True)
            (room.path / "a" / "b" / "file").write_text("x")
            (room.path / "a" / "b").chmod(0o500)
            return room.path

    assert not asyncio.run(scene()).exists()
    assert list(tmp_path.iterdir()) == []


def test_memory_is_taken_only_where_there_is_plenty(tmp_path: Path) -> None:
    assert fast_parent([tmp_path / "missing"]) is None
    assert fast_parent([tmp_path]) in (tmp_path, None)
