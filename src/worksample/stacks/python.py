"""Python: Django, FastAPI, Flask and their like, by pip or uv, from any of the usual files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.stacks.base import Recognition
from worksample.stacks.building import Workshop
from worksample.stacks.settings import Line, Settings
from worksample.stacks.support.py_app import App, find_apps
from worksample.stacks.support.py_dependencies import (
    LOOKED_FOR,
    Dependencies,
    find_dependencies,
)
from worksample.stacks.support.py_environment import environment
from worksample.stacks.support.py_project import METADATA, pretend_installed

SCRIPTS = ("main.py", "app.py", "server.py", "run.py", "index.py", "__main__.py")
PROGRAMS = (
    *("python", "gunicorn", "uvicorn", "hypercorn", "flask", "fastapi"),
    *("daphne", "waitress", "granian", "alembic"),
)
SYNCHRONOUS = ("flask", "bottle")


class Python:
    """The stack, as the list of stacks knows it."""

    name = "python"
    looks_for = LOOKED_FOR

    def recognise(self, folder: Path, settings: Settings, start: Line) -> Recognition | None:
        """See `worksample.stacks.base.Stack`."""
        needs = find_dependencies(folder)
        if needs is None and not _smells_of_python(folder, start):
            return None
        needs = needs or Dependencies("")
        seen = (
            _django(folder, needs) or _application(folder, needs) or _script(folder, needs, start)
        )
        if seen is None:
            raise WorkspaceError(
                f"{folder} is a Python project, but how its server starts cannot be told: "
                f"no manage.py, no application object (FastAPI(), Flask() ...), no {SCRIPTS[0]}",
                hint='say it in worksample.toml: [run] command = "uvicorn my.module:app '
                '--port $PORT"',
            )
        return _as_stated(seen, start) if start else seen

    async def prepare(self, workshop: Workshop) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        needs = find_dependencies(workshop.folder) or Dependencies("")
        venv = await environment(needs, workshop)
        path = workshop.environment.get("PATH", "/usr/bin:/bin")
        programs = pretend_installed(workshop.folder, venv / "bin" / "python")
        return {
            "PATH": f"{programs}:{venv / 'bin'}:{path}",
            "VIRTUAL_ENV": str(venv),
            "PYTHONUNBUFFERED": "1",
        }


def _as_stated(seen: Recognition, start: Line) -> Recognition:
    """Return a recognition without what it says of a start command that is not used."""
    kept = tuple(each for each in seen.reasons if not each.startswith("started by"))
    warnings = tuple(each for each in seen.warnings if not each.startswith("took "))
    return replace(seen, reasons=kept, warnings=warnings, certainty=_certainty(start))


def _certainty(start: Line) -> int:
    first = start.split()[:1] if isinstance(start, str) else list(start[:1])
    return 2 if any(Path(each).name.startswith(PROGRAMS) for each in first) else 0


def _smells_of_python(folder: Path, start: Line) -> bool:
    return _certainty(start) == 2 or any(
        (folder / each).is_file() for each in ("manage.py", *SCRIPTS)
    )


def _notes(needs: Dependencies) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (reasons, warnings) about where the dependencies come from."""
    if not needs.source:
        return ("no file names packages to install",), ()
    reason = f"packages from {needs.source}"
    if needs.locked or not needs.requirements:
        return (reason,), ()
    return (reason,), (f"{needs.source} does not fix every version: builds may differ by day",)


def _django(folder: Path, needs: Dependencies) -> Recognition | None:
    manage = next(iter([*folder.glob("manage.py"), *sorted(folder.glob("*/manage.py"))]), None)
    if manage is None:
        return None
    place = manage.parent.relative_to(folder).as_posix()
    project = _django_project(manage)
    program = f"python {manage.relative_to(folder).as_posix()}"
    start, said = _django_start(folder, project, needs, program)
    reasons, warnings = _notes(needs)
    return Recognition(
        "python-django",
        (f"{manage.relative_to(folder)} is Django's", *reasons, f"started by {said}"),
        start,
        f"{program} migrate --noinput",
        warnings=warnings,
        environment=_python_path([place]),
        certainty=2,
    )


def _django_project(manage: Path) -> str:
    """Return the package that has wsgi.py or asgi.py, by the settings that manage.py names."""
    for name in ("asgi.py", "wsgi.py"):
        for found in sorted(manage.parent.glob(f"*/{name}")):
            return found.parent.name
    return ""


def _gunicorn(folder: Path, target: str) -> str:
    """Return how gunicorn is called; a configuration of the project's own decides on threads."""
    threads = "" if (folder / "gunicorn.conf.py").is_file() else " --threads 8"
    return f"gunicorn --bind 127.0.0.1:$PORT{threads} {target}"


def _django_start(folder: Path, project: str, needs: Dependencies, program: str) -> tuple[str, str]:
    if project and "gunicorn" in needs.names:
        return _gunicorn(folder, f"{project}.wsgi"), "gunicorn"
    if project and "uvicorn" in needs.names:
        return f"uvicorn {project}.asgi:application --host 127.0.0.1 --port $PORT", "uvicorn"
    if project and "daphne" in needs.names:
        return f"daphne -b 127.0.0.1 -p $PORT {project}.asgi:application", "daphne"
    start = f"{program} runserver --noreload 127.0.0.1:$PORT"
    return start, "Django's development server, for neither gunicorn nor uvicorn is required"


def _application(folder: Path, needs: Dependencies) -> Recognition | None:
    apps = find_apps(folder)
    if not apps:
        return None
    app = apps[0]
    framework = app.framework or _framework_of(needs)
    command, said = _server(folder, app, framework, needs)
    reasons, warnings = _notes(needs)
    if len(apps) > 1:
        others = ", ".join(each.reference for each in apps[1:4])
        warnings += (f"took {app.reference}; there is also {others}",)
    return Recognition(
        f"python-{framework}" if framework else "python",
        (f"{app.file} makes the application {app.reference}", *reasons, f"started by {said}"),
        command,
        _migrations(folder, needs),
        warnings=warnings,
        environment={
            **_python_path([app.root, *_source_folder(folder)]),
            **({"FLASK_APP": app.reference} if framework == "flask" else {}),
        },
        certainty=2,
    )


def _framework_of(needs: Dependencies) -> str:
    known = ("fastapi", "flask", "starlette", "litestar", "quart", "sanic", "bottle")
    return next((each for each in known if each in needs.names), "")


def _server(folder: Path, app: App, framework: str, needs: Dependencies) -> tuple[str, str]:
    """Return the start command for an application object, and which server that is."""
    if framework in SYNCHRONOUS:
        return _wsgi_server(folder, app, framework, needs)
    if framework == "sanic":
        return f"sanic {app.reference} --host=127.0.0.1 --port=$PORT --single-process", "sanic"
    factory = " --factory" if app.factory else ""
    if "uvicorn" not in needs.names and "hypercorn" in needs.names and not app.factory:
        return f"hypercorn --bind 127.0.0.1:$PORT {app.reference}", "hypercorn"
    return f"uvicorn{factory} {app.reference} --host 127.0.0.1 --port $PORT", "uvicorn"


def _wsgi_server(folder: Path, app: App, framework: str, needs: Dependencies) -> tuple[str, str]:
    target = f"'{app.reference}()'" if app.factory else app.reference
    if "gunicorn" in needs.names:
        return _gunicorn(folder, target), "gunicorn"
    if "waitress" in needs.names:
        call = " --call" if app.factory else ""
        return f"waitress-serve --listen=127.0.0.1:$PORT{call} {app.reference}", "waitress"
    if framework == "flask":
        start = f"flask --app {app.reference} run --host 127.0.0.1 --port $PORT"
        return start, "Flask's development server, for gunicorn is not required"
    return f"python {app.file}", f"{app.file} itself"


def _migrations(folder: Path, needs: Dependencies) -> str:
    if (folder / "alembic.ini").is_file() and "alembic" in needs.names:
        return "alembic upgrade head"
    if "flask-migrate" in needs.names and (folder / "migrations" / "env.py").is_file():
        return "flask db upgrade"
    return ""


def _script(folder: Path, needs: Dependencies, start: Line) -> Recognition | None:
    reasons, warnings = _notes(needs)
    script = next((each for each in SCRIPTS if (folder / each).is_file()), "")
    if not start and not script:
        return None
    why = () if start else (f"{script} is the program to run",)
    return Recognition(
        "python",
        (*why, *reasons),
        start or f"python {script}",
        _migrations(folder, needs),
        warnings=warnings,
        environment=_python_path(_source_folder(folder)),
    )


def _source_folder(folder: Path) -> list[str]:
    return ["src"] if (folder / "src").is_dir() else []


def _python_path(roots: Iterable[str]) -> dict[str, str]:
    """Return PYTHONPATH with the project's folder and its roots, in order, none twice."""
    unique = dict.fromkeys([*roots, ".", METADATA])
    paths = ["{folder}" if each == "." else f"{{folder}}/{each}" for each in unique]
    return {"PYTHONPATH": ":".join(paths)}


STACK = Python()
