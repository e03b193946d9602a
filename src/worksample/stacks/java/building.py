"""Build the jar of a project by Maven or Gradle, and keep it in the cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from worksample.errors import BuildFailed, CannotBuildHere
from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.installation import Installation
from worksample.stacks.java import gradle
from worksample.stacks.java.causes import NEEDS_A_DOWNLOAD, OFFLINE
from worksample.stacks.java.jars import Jar, built_jar
from worksample.stacks.java.jdks import home_of
from worksample.stacks.java.maven import Maven
from worksample.stacks.java.pom import Pom, Project

CACHE_FORMAT = "1"
BIN = ".worksample-bin"
#: The folder of the server in the copy of a project, and its jar.
SERVER_FOLDER = f"{BIN}/server"
SERVER = f"{SERVER_FOLDER}/server.jar"
#: A server starts much sooner with these, which also fit the small machines that servers run on.
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
#: How a server is started is no part of its program, and neither are words about it.
_NOT_SOURCES = ("worksample.toml", "Procfile", "README.md")


def build_environment(
    jdk: Installation, tool: Path | None, context: BuildContext
) -> dict[str, str]:
    """Return the variables with which Maven and Gradle build, and servers start.

    `tool` is the program of one of the two. Maven does not look at HOME, so its options say where
    its repository is.
    """
    home = home_of(jdk)
    path = context.environment.get("PATH", "/usr/bin:/bin")
    folders = [home / "bin", *([tool.parent] if tool else [])]
    options = [f"-Dmaven.repo.local={repository(context)}", *QUICK_START]
    return {
        "PATH": ":".join([*map(str, folders), path]),
        "JAVA_HOME": str(home),
        "MAVEN_OPTS": " ".join(filter(None, (os.environ.get("MAVEN_OPTS"), *options))),
    }


def repository(context: BuildContext) -> Path:
    """Return the folder of Maven's downloads, shared by all projects."""
    return context.cache / "java" / "repository"


async def maven_jar(
    project: Project,
    server: Pom,
    maven: Maven,
    jdk: Installation,
    context: BuildContext,
    env: Mapping[str, str],
) -> Path:
    """Return the cache entry with the jar of the module `server`; raises `BuildFailed`."""
    target = server.folder / "target"

    async def build() -> Jar:
        await _run_maven(project, server, maven, context, env)
        return built_jar(target, server.final_name)

    key = _key(project.root.folder, project.path(server), maven.identity, jdk)
    return await _entry(key, build, context, env)


async def gradle_jar(
    folder: Path,
    root: Path,
    program: Path,
    jdk: Installation,
    context: BuildContext,
    env: Mapping[str, str],
) -> Path:
    """Return the cache entry with the jar of a Gradle project; raises `BuildFailed`."""
    inside = Path(os.path.relpath(folder, root)).as_posix()

    async def build() -> Jar:
        task = "bootJar" if gradle.uses_spring_boot(_build_text(folder)) else "jar"
        name = task if inside == "." else f":{inside.replace('/', ':')}:{task}"
        home = context.cache / "java" / "gradle"
        await context.run_step(
            "building the jar by Gradle",
            (str(program), "--no-daemon", "--console=plain", name),
            cwd=root,
            env={**env, "GRADLE_USER_HOME": str(home)},
        )
        return built_jar(folder / "build" / "libs", folder.name)

    return await _entry(_key(root, inside, str(program), jdk), build, context, env)


def place_jar(entry: Path, context: BuildContext) -> None:
    """Make the server of a cache entry available in the copy of the project."""
    target = context.folder / SERVER_FOLDER
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(entry / "server", target_is_directory=True)


def place_named_jar(entry: Path, path: Path) -> None:
    """Make the jar of a cache entry available as `path`, as a start command names it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(entry / "whole" / jar_name(entry))


def jar_name(entry: Path) -> str:
    """Return the file name of the jar of a cache entry, as the build called it."""
    return (entry / "name").read_text()


async def _run_maven(
    project: Project, server: Pom, maven: Maven, context: BuildContext, env: Mapping[str, str]
) -> None:
    """Run Maven: offline if all that the project needs was downloaded before."""
    resolved = context.cache / "java" / "resolved" / _digest_of_poms(project)
    command = [str(maven.program), "-B", "-ntp", "-Dstyle.color=never"]
    if project.is_multi_module:  # a module may need the classes of another one's tests
        command += ["-DskipTests", "-pl", project.path(server), "-am"]
    else:
        command.append("-Dmaven.test.skip=true")
    title = "building the jar by Maven"
    if resolved.is_file():
        try:
            await context.run_step(
                title, (*command, "-o", "package"), cwd=project.root.folder, env=env
            )
            return
        except BuildFailed as error:
            if not OFFLINE.search(error.log):
                raise
    # Two that download at the same time could find each other's unfinished files.
    async with cache.file_lock(context.cache / "java" / "repository.lock"):
        try:
            await context.run_step(title, (*command, "package"), cwd=project.root.folder, env=env)
        except BuildFailed as error:
            if NEEDS_A_DOWNLOAD.search(error.log):
                raise CannotBuildHere(
                    error.message, hint=error.hint, command=error.command, log=error.log
                ) from error
            raise
    resolved.parent.mkdir(parents=True, exist_ok=True)
    resolved.touch()


async def _entry(
    key: str,
    build: Callable[[], Awaitable[Jar]],
    context: BuildContext,
    env: Mapping[str, str],
) -> Path:
    """Return the entry `key`: the jar as it was built, and the server as it is started."""

    async def make(folder: Path) -> None:
        jar = await build()
        whole = folder / "whole" / jar.path.name
        whole.parent.mkdir()
        shutil.copy2(jar.path, whole)
        (folder / "name").write_text(jar.path.name)
        if jar.extractable:
            await _extract(whole, folder / "server", context, env)
        else:
            (folder / "server").mkdir()
            os.link(whole, folder / "server" / "server.jar")

    return await cache.get_or_create(
        context.cache / "java" / "servers" / key,
        make,
        check=lambda folder: (folder / "server" / "server.jar").is_file(),
    )


async def _extract(jar: Path, folder: Path, context: BuildContext, env: Mapping[str, str]) -> None:
    """Extract a jar of Spring Boot, from which a server starts in two thirds of the time."""
    command = ("java", *QUICK_START, "-Djarmode=tools", "-jar", str(jar), "extract")
    await context.run_step("extracting the jar", (*command, "--destination", str(folder)), env=env)
    (folder / jar.name).rename(folder / "server.jar")


def _key(folder: Path, server: str, tool: str, jdk: Installation) -> str:
    facts = [CACHE_FORMAT, jdk.identity, tool, server, _digest(folder)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]


def _digest(folder: Path) -> str:
    """Return a digest of the names and contents of the files that a build may read."""
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        inside = path.relative_to(folder).as_posix()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{inside}\0{content}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    """Return the files of a copy, in which nothing was built yet."""
    return [
        each
        for each in folder.rglob("*")
        if each.is_file() and each.relative_to(folder).as_posix() not in _NOT_SOURCES
    ]


def _digest_of_poms(project: Project) -> str:
    digest = hashlib.sha256(CACHE_FORMAT.encode())
    for each in project.poms:
        digest.update((each.folder / "pom.xml").read_bytes())
    return digest.hexdigest()[:20]


def _build_text(folder: Path) -> str:
    path = gradle.build_file(folder)
    return gradle.text_of(path) if path else ""
