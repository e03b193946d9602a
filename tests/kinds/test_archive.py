"""A workspace as one file: the same digest and verdict as its folder, and hostile archives."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.test_kinds import program, run, words
from tests.plugins.test_toys import mirror
from tests.plugins.test_toys import run as run_toys
from worksample.grading import codec
from worksample.grading.archive import pack
from worksample.stacks.copying import digest_of_folder

__all__ = ["mirror", "program", "words"]


def json_of(*arguments: str, cwd: Path) -> dict[str, Any]:
    done = run("check", *arguments, "--json", "--no-html", cwd=cwd)
    assert done.stdout, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_archive_has_digest_and_verdict_of_its_folder(words: Path) -> None:
    (words / "words.txt").write_text("index lock lease")
    of_folder = json_of("mine", cwd=words.parent)
    done = run("archive", "mine", "--out", "mine.tar.gz", cwd=words.parent)
    assert done.returncode == 0, done.stderr
    of_archive = json_of("mine.tar.gz", cwd=words.parent)
    assert of_folder["verdict"] == of_archive["verdict"] == "accepted"
    assert of_folder["digests"] == of_archive["digests"]
    assert of_folder["digest"] == of_folder["digests"]["submission"]
    assert done.stdout.strip().endswith(of_folder["digest"])
    assert of_folder["digests"]["task"].startswith("sha256:")
    assert of_folder["digests"]["challenge"].startswith("sha256:")
    assert of_folder["isolation"] == "none"


def test_build_has_the_digest_of_the_archive(program: Path) -> None:
    (program / "program.py").write_text(
        "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
    )
    packed = program.parent / "packed.tar.gz"
    packed.write_bytes(pack(program))
    of_archive = json_of(str(packed), cwd=program.parent)
    assert of_archive["verdict"] == "accepted"
    assert of_archive["digest"] == digest_of_folder(program)
    assert of_archive["digests"]["task"] == ""
    packed.unlink()


def test_same_files_give_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, order in ((one, "ab"), (other, "ba")):
        folder.mkdir()
        for name in order:
            (folder / name).write_text(name)
    (one / "a").chmod(0o700)
    (other / "a").chmod(0o755)
    assert pack(one) == pack(other)
    (other / "a").chmod(0o644)
    assert pack(one) != pack(other)


def test_archive_leaves_out_what_a_build_leaves_out(words: Path) -> None:
    for folder in (".git", ".worksample/runs/1", "node_modules/left", ".venv/lib"):
        (words / folder).mkdir(parents=True)
        (words / folder / "file").write_text("x")
    done = run("archive", cwd=words)
    assert done.returncode == 0, done.stderr
    with tarfile.open(words / ".worksample" / "mine.tar.gz") as archive:
        names = archive.getnames()
    assert names == ["task.sealed", "words.txt", "worksample.toml"]
    assert digest_of_folder(words) in done.stdout


def test_archive_inside_the_workspace_is_refused(words: Path) -> None:
    done = run("archive", "--out", "mine.tar.gz", cwd=words)
    assert done.returncode == 2
    assert "lies in the workspace" in done.stderr
    assert not (words / "mine.tar.gz").exists()


def test_run_of_archive_is_saved_beside_it(words: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(pack(words))
    shutil.rmtree(words)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = run("check", "mine.tar.gz", cwd=tmp_path, TMPDIR=str(temporary))
    assert done.returncode == 1, done.stderr
    [saved] = tmp_path.glob("mine.runs/*")
    assert f"The run is saved in mine.runs/{saved.name}; `worksample report mine.t" in done.stderr
    assert {path.name for path in saved.iterdir()} == {"report.json", "report.html"}
    assert not list(temporary.iterdir())
    shown = run("report", "mine.tar.gz", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (0, done.stdout)
    assert codec.read(saved / "report.json").handed_in
    assert saved.name in run("report", "--list", "mine.tar.gz", cwd=tmp_path).stdout
    assert run("report", saved.name, "mine.tar.gz", cwd=tmp_path).stdout == done.stdout


def test_run_that_cannot_be_saved_is_shown_anyway(words: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(pack(words))
    (tmp_path / "mine.runs").write_text("not a folder")
    done = run("check", "mine.tar.gz", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "this run was not saved" in done.stderr


def test_finding_of_archive_is_replayed(mirror: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(pack(mirror))
    assert run_toys("check", "mine.tar.gz", cwd=tmp_path).returncode == 1
    (tmp_path / "server.py").unlink()
    replayed = run_toys("replay", "mine.tar.gz", cwd=tmp_path)
    assert replayed.returncode == 1, replayed.stderr
    assert "X-WORD" in run_toys("replay", "1", "mine.tar.gz", "--curl", cwd=tmp_path).stdout


def tar(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("server.py")
        change(entry)
        archive.addfile(entry, io.BytesIO(b"\0" * entry.size))
    return packed.getvalue()


def test_archive_with_nothing_in_it_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "lexicon"\n')
    (tmp_path / "x.tar.gz").write_bytes(tar(lambda entry: None))
    done = run("check", "x.tar.gz", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert done.returncode == 2
    assert "no worksample.toml says which challenge it answers" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not an archive", "cannot be unpacked"),
        (tar(lambda entry: None)[:40], "cannot be unpacked"),
        (tar(lambda entry: setattr(entry, "name", "../../evil")), "'../../evil', which is not"),
        (tar(lambda entry: setattr(entry, "name", "/evil")), "'/evil', which is not"),
        (tar(lambda entry: setattr(entry, "type", tarfile.SYMTYPE)), "no links"),
        (tar(lambda entry: setattr(entry, "size", 280 << 20)), "holds more than 200 MB"),
    ],
    ids=["no-archive", "cut-off", "leads-out", "absolute", "link", "bomb"],
)
def test_hostile_archive_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "x.tar.gz").write_bytes(content)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = run("check", "x.tar.gz", cwd=tmp_path / "inside", TMPDIR=str(temporary))
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert not (tmp_path / "evil").exists()
    assert not list(temporary.iterdir())
