"""Dependencies of Python projects, from every supported file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks.python.dependencies import Dependencies, find_dependencies


def find_in(folder: Path, **files: str) -> Dependencies:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".").replace("_DASH_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    dependencies = find_dependencies(folder)
    assert dependencies is not None
    return dependencies


def test_folder_without_files_returns_none(tmp_path: Path) -> None:
    assert find_dependencies(tmp_path) is None


def test_reads_requirements_with_includes_and_constraints(tmp_path: Path) -> None:
    dependencies = find_in(
        tmp_path,
        requirements_DOT_txt=(
            "# web\n-r base/more.txt\n-c limits.txt\nflask>=3  # the framework\n"
            "-e .\n.\n-e .[dev]\n./libs/own\nuvicorn[standard]==0.30 \\\n  --hash=sha256:aa\n"
        ),
        base__more_DOT_txt="psycopg[binary]\n-r ../requirements.txt\n",
        limits_DOT_txt="werkzeug==3.1\n",
    )
    assert dependencies.requirements == (
        "psycopg[binary]",
        "flask>=3",
        "uvicorn[standard]==0.30    --hash=sha256:aa",
    )
    assert dependencies.constraints == ("werkzeug==3.1",)
    assert dependencies.names >= {"flask", "psycopg", "uvicorn", "werkzeug"}


def test_only_pinned_requirements_are_locked(tmp_path: Path) -> None:
    assert find_in(tmp_path, requirements_DOT_txt="--index-url x\nflask==3.0\n").locked
    assert not find_in(tmp_path, requirements_DOT_txt="flask\n").locked


def test_reads_pep_621_with_uv_lock(tmp_path: Path) -> None:
    dependencies = find_in(
        tmp_path,
        pyproject_DOT_toml=(
            '[project]\nname = "me"\nrequires-python = ">=3.12"\n'
            'dependencies = ["FastAPI>=0.1", "mine"]\n'
            '[tool.uv.sources]\nmine = { git = "https://host/mine", tag = "v1" }\n'
        ),
        uv_DOT_lock=(
            '[[package]]\nname = "me"\nversion = "1"\nsource = { editable = "." }\n'
            '[[package]]\nname = "fastapi"\nversion = "0.115.0"\n'
            'source = { registry = "https://index" }\n'
            '[[package]]\nname = "numpy"\nversion = "1.0"\nsource = { registry = "x" }\n'
            '[[package]]\nname = "numpy"\nversion = "2.0"\nsource = { registry = "x" }\n'
        ),
    )
    assert dependencies.requirements == ("FastAPI>=0.1", "mine @ git+https://host/mine@v1")
    assert dependencies.constraints == ("fastapi==0.115.0",)
    assert (dependencies.locked, dependencies.requires_python) == (True, ">=3.12")
    assert dependencies.source == "uv.lock and pyproject.toml"


def test_reads_poetry_with_its_lock(tmp_path: Path) -> None:
    dependencies = find_in(
        tmp_path,
        pyproject_DOT_toml=(
            '[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.115.1"\nflask = "~2.3"\n'
            'uvicorn = { version = "*", extras = ["standard"] }\nbig = "^1.2"\nexact = "1.5"\n'
            'rare = { version = "1", optional = true }\n'
        ),
        poetry_DOT_lock='[[package]]\nname = "fastapi"\nversion = "0.115.4"\n',
    )
    assert dependencies.requirements == (
        "fastapi>=0.115.1,<0.116",
        "flask>=2.3,<2.4",
        "uvicorn[standard]",
        "big>=1.2,<2",
        "exact==1.5",
    )
    assert dependencies.constraints == ("fastapi==0.115.4",)
    assert dependencies.requires_python == ">=3.11,<4"


@pytest.mark.parametrize(
    ("stated", "requirement"),
    [("3.11", "==3.11.*"), ("3.11.*", "==3.11.*"), ("~3.11", ">=3.11,<3.12"), ("*", "")],
)
def test_converts_poetrys_requirement_of_python(
    tmp_path: Path, stated: str, requirement: str
) -> None:
    text = f'[tool.poetry.dependencies]\npython = "{stated}"\nflask = "*"\n'
    assert find_in(tmp_path, pyproject_DOT_toml=text).requires_python == requirement


def test_reads_pipfile_and_its_lock(tmp_path: Path) -> None:
    pipfile = '[packages]\nflask = "*"\n[requires]\npython_version = "3.12"\n'
    assert find_in(tmp_path, Pipfile=pipfile).requirements == ("flask",)
    lock = {"default": {"flask": {"version": "==3.0", "extras": ["async"], "markers": "a > '1'"}}}
    dependencies = find_in(tmp_path, Pipfile_DOT_lock=json.dumps(lock))
    assert dependencies.requirements == ("flask[async]==3.0 ; a > '1'",)
    assert (dependencies.requires_python, dependencies.prefers_python) == ("", "==3.12.*")


@pytest.mark.parametrize(
    ("name", "text"), [("_DOT_python_DASH_version", "3.12.1\n"), ("runtime_DOT_txt", "python-3.12")]
)
def test_version_manager_file_is_a_preference(tmp_path: Path, name: str, text: str) -> None:
    dependencies = find_in(tmp_path, requirements_DOT_txt="flask", **{name: text})
    assert (dependencies.requires_python, dependencies.prefers_python) == ("", "==3.12.*")


@pytest.mark.parametrize(
    ("name", "text"),
    [("pyproject.toml", "a = = 1"), ("Pipfile.lock", "{"), ("requirements.txt", "-r missing.txt")],
)
def test_unreadable_file_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(WorkspaceError, match=r"(pyproject\.toml|Pipfile\.lock|missing\.txt)"):
        find_dependencies(tmp_path)
