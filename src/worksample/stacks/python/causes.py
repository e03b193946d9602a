"""What common errors of Python, its frameworks and its package managers mean."""

from __future__ import annotations

from worksample.stacks.causes import Cause

# The parts of a database URL as placeholders of worksample.toml.
URL_PARTS = (
    "{postgres.user}:{postgres.password}@{postgres.host}:{postgres.port}/{postgres.database}"
)

BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?i)(requires a different python|requires-python|requires python"
        r"|not supported between the python"
        r"|no solution found .*python)",
        "a package (or the project) requires another Python version: install it, or change "
        "requires-python",
    ),
    Cause(
        r"(?i)(pg_config executable not found|pg_config is required)",
        "psycopg2 needs the PostgreSQL headers to compile: depend on psycopg2-binary or "
        "psycopg[binary] instead",
    ),
    Cause(
        r"(?i)(gcc: not found|unable to execute '?(gcc|cc)|command '(gcc|cc)' failed: no such file"
        r"|microsoft visual c\+\+|linker `cc` not found)",
        "a package must be compiled, but a compiler is missing: install one (apt install "
        "build-essential python3-dev, xcode-select --install), or choose a version with a wheel",
    ),
    Cause(
        r"(?:use_2to3 is invalid|cannot import name '(?:run_setup|Feature)'"
        r"|No module named '(?:distutils|pkg_resources|imp)'"
        r"|module 'pkgutil' has no attribute 'ImpImporter')",
        "a package is built with tools that this Python no longer has: update it, or choose an "
        'older Python of this machine in worksample.toml: [build] python = "3.10"',
    ),
    Cause(
        r"(?s)command '[^']*(?:gcc|cc|clang)[^']*' failed.*?"
        r"(?:Failed building wheel for|Failed to build(?! installable)) ([\w.-]+)",
        "{found} has no wheel for this Python and does not compile: update it, or choose a Python "
        'that it supports in worksample.toml: [build] python = "3.10"',
    ),
    Cause(
        r"(?i)(certificate verify failed|invalid peer certificate)",
        "the package index's certificate is not trusted: set PIP_CERT to the certificate of your "
        "network",
    ),
    Cause(
        r"satisfies the requirement ([\w.-]+)[^\n]*\(from versions: none\)",
        "the package index names no version of {found}: check the spelling, and whether the index "
        "is reachable and lets you in (proxy, login): pip does not say if it was refused",
        vague=True,
    ),
    Cause(
        r"(?i)(no matching distribution found|was not found in the package registry"
        r"|no versions of)",
        "the package or version does not exist in the package index: check the spelling and the "
        "version",
        vague=True,
    ),
    Cause(
        r"(?:Failed building wheel for|Failed to build(?! installable)) ([\w.-]+)",
        "the package {found} cannot be built: the log says why",
        vague=True,
    ),
    Cause(
        r"(?i)(resolutionimpossible|conflicting dependencies|no solution found)",
        "the required versions conflict: the log names the packages",
        vague=True,
    ),
    Cause(
        r"(ModuleNotFoundError)",
        "the build uses a package that is not installed: add it to the dependencies",
        vague=True,
    ),
)
START_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"No module named ['\"]psycopg2['\"]",
        "SQLAlchemy uses psycopg2 for postgresql:// URLs: add psycopg2-binary to the dependencies, "
        "or name your driver in worksample.toml: [env] "
        'DATABASE_URL = "postgresql+psycopg://' + URL_PARTS + '"',
    ),
    Cause(
        r"requires an async driver",
        "the database URL must name an asynchronous driver; in worksample.toml: [env] "
        'DATABASE_URL = "postgresql+asyncpg://' + URL_PARTS + '"',
    ),
    Cause(
        r"ModuleNotFoundError: No module named ['\"]([^'\"]+)['\"]",
        "the module {found} was not found: add its package to the dependencies, or, if it belongs "
        "to the project, set [run] cwd or command in worksample.toml",
    ),
    Cause(
        r"Error loading ASGI app\. (.+)",
        "the application object was not found ({found}): set [run] command in worksample.toml",
    ),
    Cause(
        r"KeyError: ['\"]([A-Z][A-Z0-9_]+)['\"]",
        "the server requires the variable {found}: set it in worksample.toml under [env]",
        vague=True,
    ),
    Cause(
        r"(?i)validation errors? for (\w+)",
        "the settings class {found} requires variables that are not set: set them in "
        "worksample.toml under [env]; the log lists the names",
        vague=True,
    ),
    Cause(
        r"SyntaxError",
        "a source file has a syntax error: the log names the file and line",
        vague=True,
    ),
)
