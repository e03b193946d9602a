"""Detection of Python projects: stack, start command, migrations, overrides, errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import Detection, detect

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n"


def detect_project(folder: Path, files: dict[str, str]) -> Detection:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return detect(folder).detection


@pytest.mark.parametrize(
    ("files", "stack", "start"),
    [
        (
            {"requirements.txt": "fastapi\nuvicorn", "main.py": FASTAPI},
            "python-fastapi",
            "uvicorn main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/__init__.py": "",
                "app/main.py": "from app.db import x\n" + FASTAPI,
                "app/db.py": "",
            },
            "python-fastapi",
            "uvicorn app.main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/main.py": (
                    "from fastapi import FastAPI\n"
                    "def get_application() -> FastAPI:\n    return FastAPI()\n"
                    "app = get_application()\n"
                ),
            },
            "python-fastapi",
            "uvicorn app.main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/factory.py": (
                    "import fastapi\n"
                    "def create_app(debug=False):\n    a = fastapi.FastAPI()\n    return a\n"
                ),
            },
            "python-fastapi",
            "uvicorn --factory app.factory:create_app --host 127.0.0.1 --port $PORT",
        ),
        (
            {"requirements.txt": "fastapi\nhypercorn", "main.py": FASTAPI},
            "python-fastapi",
            "hypercorn --bind 127.0.0.1:$PORT main:app",
        ),
        (
            {"requirements.txt": "flask\ngunicorn", "app.py": FLASK},
            "python-flask",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 app:app",
        ),
        (
            {"requirements.txt": "flask", "app.py": FLASK},
            "python-flask",
            "flask --app app:app run --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "flask\ngunicorn",
                "shop/__init__.py": "import flask\ndef create_app():\n  return flask.Flask('x')",
            },
            "python-flask",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 'shop:create_app()'",
        ),
        (
            {
                "requirements.txt": "django\ngunicorn",
                "manage.py": "",
                "site1/settings.py": "",
                "site1/wsgi.py": "",
            },
            "python-django",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 site1.wsgi",
        ),
        (
            {"requirements.txt": "django", "manage.py": "", "site1/wsgi.py": ""},
            "python-django",
            "python manage.py runserver --noreload 127.0.0.1:$PORT",
        ),
        ({"server.py": "import http.server"}, "python", "python server.py"),
    ],
)
def test_start_command(tmp_path: Path, files: dict[str, str], stack: str, start: str) -> None:
    found = detect_project(tmp_path, files)
    assert (found.stack, found.start) == (stack, start)
    assert found.reasons


def test_gunicorn_configuration_keeps_its_thread_count(tmp_path: Path) -> None:
    files = {"requirements.txt": "flask\ngunicorn", "app.py": FLASK, "gunicorn.conf.py": ""}
    found = detect_project(tmp_path, files)
    assert found.start == "gunicorn --bind 127.0.0.1:$PORT app:app"
    assert found.environment["FLASK_APP"] == "app:app"


def test_prefers_the_main_application(tmp_path: Path) -> None:
    found = detect_project(
        tmp_path,
        {
            "requirements.txt": "fastapi\nuvicorn",
            "tests/app.py": FASTAPI,
            "app/main.py": FASTAPI,
            "app/admin/site.py": FASTAPI.replace("app =", "admin ="),
        },
    )
    assert "app.main:app" in found.start
    assert found.warnings[-1] == (
        "chose the application app.main:app; other applications: app.admin.site:admin"
    )


def test_src_folder_is_added_to_pythonpath(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "src/shop/main.py": "from shop.db import x\n" + FASTAPI,
        "src/shop/db.py": "",
    }
    found = detect_project(tmp_path, files)
    assert found.start == "uvicorn shop.main:app --host 127.0.0.1 --port $PORT"
    assert found.environment["PYTHONPATH"] == "{folder}/src:{folder}:{folder}/.worksample/python"


def test_alembic_migrations_are_the_release_command(tmp_path: Path) -> None:
    files = {"requirements.txt": "fastapi\nalembic\nuvicorn", "main.py": FASTAPI, "alembic.ini": ""}
    assert detect_project(tmp_path, files).release == "alembic upgrade head"


def test_django_migrations_are_the_release_command(tmp_path: Path) -> None:
    files = {"requirements.txt": "django", "backend/manage.py": "", "backend/s/wsgi.py": ""}
    found = detect_project(tmp_path, files)
    assert found.release == "python backend/manage.py migrate --noinput"
    assert (
        found.environment["PYTHONPATH"] == "{folder}/backend:{folder}:{folder}/.worksample/python"
    )


def test_settings_override_procfile_overrides_detection(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py": FASTAPI,
        "Procfile": "# how\nweb: python main.py\nrelease: python migrate.py\nworker: x\n",
    }
    found = detect_project(tmp_path, files)
    assert (found.stack, found.start) == ("python-fastapi", "python main.py")
    assert found.release == "python migrate.py"
    assert "start command from Procfile: python main.py" in found.reasons
    files["worksample.toml"] = '[run]\ncommand = ["python", "other.py"]\nrelease = ""\n'
    found = detect_project(tmp_path, files)
    assert (found.start, found.release) == (("python", "other.py"), "")
    assert "start command from worksample.toml: python other.py" in found.reasons


def test_procfile_without_release_keeps_detected_migrations(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nalembic",
        "main.py": FASTAPI,
        "alembic.ini": "",
        "Procfile": "web: python main.py",
    }
    assert detect_project(tmp_path, files).release == "alembic upgrade head"


def test_skips_sources_with_syntax_errors(tmp_path: Path) -> None:
    files = {"requirements.txt": "flask", "broken.py": "def (", "app.py": FLASK}
    assert detect_project(tmp_path, files).stack == "python-flask"


def test_dependencies_without_a_program_require_a_command(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no start command was found") as caught:
        detect_project(tmp_path, {"requirements.txt": "fastapi", "lib/thing.py": "x = 1"})
    assert "[run] command" in caught.value.hint


def test_undetected_folder_lists_the_marker_files(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"package\.json.*pyproject\.toml") as caught:
        detect_project(tmp_path, {"notes.txt": "hello"})
    assert "it contains notes.txt" in caught.value.message
    assert "worksample.toml" in caught.value.hint


def test_suggests_cwd_for_a_server_in_a_subfolder(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        detect_project(
            tmp_path, {"readme": "", "api/requirements.txt": "flask", "api/app.py": FLASK}
        )
    assert 'cwd = "api"' in caught.value.hint


def test_prefers_the_server_over_a_frontend(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py": FASTAPI,
        "package.json": '{"scripts": {"start": "vite"}}',
    }
    found = detect_project(tmp_path, files)
    assert found.stack == "python-fastapi"
    assert 'stack = "node"' in found.warnings[-1]


def test_stack_setting_decides(tmp_path: Path) -> None:
    files = {
        "main.py": "",
        "package.json": '{"scripts": {"start": "node x"}, "dependencies": {"express": "5"}}',
        "worksample.toml": 'stack = "python"',
    }
    assert detect_project(tmp_path, files).stack == "python"


def test_unknown_stack_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="unknown stack cobol") as caught:
        detect_project(tmp_path, {"worksample.toml": 'stack = "cobol"'})
    assert caught.value.hint == "known stacks: csharp, go, java, node, other, python"


def test_other_language_with_a_procfile_is_detected(tmp_path: Path) -> None:
    found = detect_project(tmp_path, {"Procfile": "web: ./server --port $PORT"})
    assert (found.stack, found.start) == ("other", "./server --port $PORT")


def test_program_that_pyproject_declares_is_started(tmp_path: Path) -> None:
    project = '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.web:main"\n'
    found = detect_project(tmp_path, {"pyproject.toml": project, "src/shop/web.py": ""})
    assert (found.stack, found.start) == ("python", "shop")
    assert "pyproject.toml declares the program shop" in found.reasons


def test_program_called_serve_is_chosen_of_several(tmp_path: Path) -> None:
    scripts = '[project.scripts]\nload = "a:b"\nserve = "a:c"\n'
    assert detect_project(tmp_path, {"pyproject.toml": scripts}).start == "serve"


def test_package_with_a_main_module_is_started(tmp_path: Path) -> None:
    found = detect_project(tmp_path, {"pyproject.toml": "", "src/shop/__main__.py": ""})
    assert found.start == "python -m shop"
    assert found.environment["PYTHONPATH"].startswith("{folder}/src:")


def test_empty_pyproject_is_a_python_project(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is a Python project, but no start command"):
        detect_project(tmp_path, {"pyproject.toml": ""})
    command = {"worksample.toml": '[run]\ncommand = "python shop.py"\n'}
    assert detect_project(tmp_path, command).stack == "python"


def test_lock_file_above_the_servers_folder_counts(tmp_path: Path) -> None:
    lock = '[[package]]\nname = "click"\nversion = "8.1.7"\n'
    files = {
        "uv.lock": lock,
        "backend/pyproject.toml": '[project]\nname = "x"\ndependencies = ["click"]\n',
        "backend/main.py": "",
        "worksample.toml": '[run]\ncwd = "backend"\n',
    }
    found = detect_project(tmp_path, files)
    assert "packages from ../uv.lock and pyproject.toml" in found.reasons
    assert not found.warnings


def test_requirements_above_the_servers_folder_count(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "click==8.1.7\n",
        "src/shop/main.py": "",
        "worksample.toml": '[run]\ncwd = "src/shop"\n',
    }
    assert "packages from ../../requirements.txt" in detect_project(tmp_path, files).reasons


def test_files_above_the_project_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("click==8.1.7\n")
    found = detect_project(tmp_path / "mine", {"main.py": ""})
    assert "no requirements file, so no packages to install" in found.reasons
