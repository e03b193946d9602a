"""Copying a submission: exclusions, size limits and the content digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import copying
from worksample.stacks.copying import copy_folder, list_files


def project(folder: Path) -> Path:
    for name in ("a.py", "src/b.py", "dist/c.js", "src/target/d.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def names(folder: Path) -> list[str]:
    return [each.name for each in list_files(folder)]


def test_excludes_generated_folders(tmp_path: Path) -> None:
    project(tmp_path)
    for name in (
        ".git",
        "node_modules",
        ".venv",
        "src/__pycache__",
        ".worksample",
        ".pytest_cache",
    ):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_text("x")
    (tmp_path / "myenv").mkdir()
    (tmp_path / "myenv" / "pyvenv.cfg").write_text("")
    assert names(tmp_path) == ["a.py", "dist/c.js", "src/b.py", "src/target/d.py"]


def test_excludes_target_beside_cargo_or_maven_files(tmp_path: Path) -> None:
    (project(tmp_path) / "src" / "Cargo.toml").write_text("")
    assert "src/target/d.py" not in names(tmp_path)


def test_follows_only_links_that_stay_inside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("x")
    folder = project(tmp_path / "inside")
    (folder / "in").symlink_to("src/b.py")
    (folder / "out").symlink_to(outside / "secret")
    (folder / "outdir").symlink_to(outside)
    (folder / "nowhere").symlink_to("missing")
    (folder / "src" / "loop").symlink_to(folder)
    assert "in" in names(folder)
    assert not {"out", "outdir/secret", "nowhere"} & set(names(folder))
    assert "src/loop/a.py" not in names(folder)


def test_copy_preserves_content_and_leaves_the_original_unchanged(tmp_path: Path) -> None:
    folder = project(tmp_path / "from")
    (folder / "a.py").chmod(0o755)
    (folder / "src" / "b.py").chmod(0o400)
    before = sorted((each, each.stat().st_mtime_ns) for each in folder.rglob("*"))
    copy_folder(folder, tmp_path / "to")
    assert (tmp_path / "to" / "src" / "b.py").read_text() == "src/b.py"
    assert (tmp_path / "to" / "a.py").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "to" / "src" / "b.py").stat().st_mode & 0o777 == 0o644
    assert sorted((each, each.stat().st_mtime_ns) for each in folder.rglob("*")) == before


def test_digest_covers_name_mode_and_content(tmp_path: Path) -> None:
    folder = project(tmp_path / "from")
    expected = hashlib.sha256()
    for name in ("a.py", "dist/c.js", "src/b.py", "src/target/d.py"):
        content = hashlib.sha256(name.encode()).hexdigest()
        expected.update(f"{name}\0-\0{content}\n".encode())
    assert copy_folder(folder, tmp_path / "to") == f"sha256:{expected.hexdigest()}"


@pytest.mark.parametrize("change", ["content", "name", "mode"])
def test_digest_changes_with_content_name_and_mode(tmp_path: Path, change: str) -> None:
    folder = project(tmp_path / "from")
    before = copy_folder(folder, tmp_path / "one")
    if change == "content":
        (folder / "a.py").write_text("other")
    elif change == "name":
        (folder / "a.py").rename(folder / "z.py")
    else:
        (folder / "a.py").chmod(0o755)
    assert copy_folder(folder, tmp_path / "two") != before


def test_rejects_a_large_folder_and_names_the_largest_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MAX_BYTES", 3 << 20)
    (project(tmp_path) / "data").mkdir()
    (tmp_path / "data" / "dump.sql").write_bytes(bytes(4 << 20))
    with pytest.raises(WorkspaceError, match=r"larger than 3 MB; most is in data \(4 MB\)"):
        copy_folder(tmp_path, tmp_path / "to")


def test_rejects_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "MAX_FILES", 3)
    with pytest.raises(WorkspaceError, match="more than 3 files"):
        copy_folder(project(tmp_path), tmp_path / "to")
