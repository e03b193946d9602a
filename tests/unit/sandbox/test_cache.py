"""The cache, scratch directories and memory-backed folders."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from worksample.sandbox import cache
from worksample.sandbox.folders import ScratchDirectory, memory_backed_folder


class Creator:
    """Creates an entry and counts its calls; the first `failures` calls fail half way."""

    def __init__(self, failures: int = 0) -> None:
        self.calls, self.failures = 0, failures

    async def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "half").write_text("x")
        await asyncio.sleep(0)
        if self.calls <= self.failures:
            raise RuntimeError("interrupted")
        (folder / "whole").write_text("y")


def is_valid(folder: Path) -> bool:
    return (folder / "whole").read_text() == "y"


def test_entry_is_created_once_and_reused(tmp_path: Path) -> None:
    create = Creator()
    for _ in range(3):
        folder = asyncio.run(cache.get_or_create(tmp_path / "a", create, check=is_valid))
        assert (folder / "whole").exists()
    assert create.calls == 1


def test_concurrent_callers_create_the_entry_once(tmp_path: Path) -> None:
    create = Creator()

    async def body() -> None:
        await asyncio.gather(*(cache.get_or_create(tmp_path / "a", create) for _ in range(8)))

    asyncio.run(body())
    assert create.calls == 1


def test_interrupted_entry_is_created_again(tmp_path: Path) -> None:
    create = Creator(failures=1)
    with pytest.raises(RuntimeError):
        asyncio.run(cache.get_or_create(tmp_path / "a", create, check=is_valid))
    asyncio.run(cache.get_or_create(tmp_path / "a", create, check=is_valid))
    assert create.calls == 2


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_invalid_entry_is_created_again(tmp_path: Path, damage: str) -> None:
    create = Creator()
    folder = asyncio.run(cache.get_or_create(tmp_path / "a", create, check=is_valid))
    if damage == "change":
        (folder / "whole").write_text("rubbish")
    else:
        (folder / "whole").unlink()
    asyncio.run(cache.get_or_create(tmp_path / "a", create, check=is_valid))
    assert create.calls == 2
    assert is_valid(folder)


def test_discarded_entry_is_created_again(tmp_path: Path) -> None:
    create = Creator()

    async def body() -> None:
        await cache.get_or_create(tmp_path / "a", create)
        await cache.discard(tmp_path / "a")
        await cache.get_or_create(tmp_path / "a", create)

    asyncio.run(body())
    assert create.calls == 2


def test_cache_root_prefers_worksample_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSAMPLE_CACHE", str(tmp_path / "mine"))
    assert cache.cache_root() == tmp_path / "mine"


def test_cache_root_avoids_an_unwritable_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    monkeypatch.delenv("WORKSAMPLE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = cache.cache_root()
    assert found.is_dir()
    assert not found.is_relative_to(tmp_path / "home")


def test_cache_root_for_other_users_skips_private_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("WORKSAMPLE_CACHE", str(closed / "cache"))
    assert cache.cache_root() == closed / "cache"
    assert not cache.accessible_to_other_users(closed / "cache")
    assert cache.cache_root(for_other_users=os.geteuid() == 0) is not None
    assert closed.stat().st_mode & 0o777 == 0o700


def test_scratch_directory_is_removed_with_read_only_content(tmp_path: Path) -> None:
    async def body() -> Path:
        async with ScratchDirectory.open("test", within=tmp_path) as scratch:
            (scratch.path / "a" / "b").mkdir(parents=True)
            (scratch.path / "a" / "b" / "file").write_text("x")
            (scratch.path / "a" / "b").chmod(0o500)
            return scratch.path

    assert not asyncio.run(body()).exists()
    assert list(tmp_path.iterdir()) == []


def test_memory_backed_folder_needs_free_space(tmp_path: Path) -> None:
    assert memory_backed_folder([tmp_path / "missing"]) is None
    assert memory_backed_folder([tmp_path]) in (tmp_path, None)
