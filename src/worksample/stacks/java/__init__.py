"""Java: Spring Boot and other servers in a jar, built by Maven or Gradle."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext, format_command
from worksample.stacks.java import gradle, sources
from worksample.stacks.java.building import (
    BIN,
    QUICK_START,
    SERVER,
    build_environment,
    gradle_jar,
    jar_name,
    maven_jar,
    place_jar,
    place_named_jar,
)
from worksample.stacks.java.causes import BUILD_CAUSES, START_CAUSES
from worksample.stacks.java.configuration import configurations
from worksample.stacks.java.jdks import find_jdk, version_of_files
from worksample.stacks.java.machine import machine_tools
from worksample.stacks.java.maven import find_maven, machine_maven
from worksample.stacks.java.own_tests import test_plan
from worksample.stacks.java.pom import Pom, Project
from worksample.stacks.java.stack_traces import error_places
from worksample.stacks.java.written_tests import test_files
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.settings import CommandLine, Settings, folders_above
from worksample.stacks.testing import TestPlan

START = " ".join(("java", *QUICK_START, "-jar", SERVER))
USES_JAVA = re.compile(r"(?:exec )?(?:java|\./mvnw|mvn|\./gradlew|gradle)\b")
_RUNS_BUILD_TOOL = re.compile(r"(?:exec )?(?:\./mvnw|mvn|\./gradlew|gradle)\b")
_NAMED_JAR = re.compile(r"-jar\s+[\"']?([\w./*-]+\.[jw]ar)")
_WORD = re.compile(r"[\w.-]+")
_POSTGRES = "{postgres.jdbc}"
#: Driver -> the address in the form that it wants.
_ADDRESSES = {
    "postgresql": _POSTGRES,
    "mysql-connector-j": "{mysql.jdbc}",
    "mysql-connector-java": "{mysql.jdbc}",
    "mariadb-java-client": "jdbc:mariadb://{mysql.host}:{mysql.port}/{mysql.database}",
}


class JavaStack(Stack):
    """The Java stack."""

    name = "java"
    marker_files = "pom.xml, build.gradle, build.gradle.kts"
    build_causes = BUILD_CAUSES
    start_causes = START_CAUSES
    plan_skills: Mapping[str, tuple[str, ...]] = {"java-spring": ("java", "spring", "sql")}
    build_variables = ("MAVEN_*", "JAVA_HOME", "GRADLE_*")
    generated_names = frozenset((BIN, ".gradle"))
    chooses_version = True

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        above = folders_above(folder, settings)
        if project := Project.around(folder, above):
            return _of_maven(project, settings, format_command(start))
        if gradle.build_file(folder):
            return _of_gradle(folder, settings, format_command(start))
        return None

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        above = folders_above(context.folder, context.settings)
        project = Project.around(context.folder, above)
        root = project.root.folder if project else gradle.root_of(context.folder, above)
        folders = list(dict.fromkeys((context.folder, root)))
        wanted = version_of_files(folders) or (project.java if project else _java(folders))
        jdk = find_jdk(wanted, context.settings)
        if wanted and jdk.version[0] != wanted and not context.settings.versions.get("java"):
            context.notes.append(
                message(
                    "the project asks for Java {wanted}; JDK {found} of this machine builds and "
                    "starts it",
                    wanted=wanted,
                    found=jdk.text,
                )
            )
        own_build = bool(context.settings.build)
        if project:
            if own_build:
                return build_environment(jdk, machine_maven(), context)
            maven = find_maven(root)
            env = build_environment(jdk, maven.program, context)
            context.notes.extend(filter(None, [maven.note]))
            entry = await maven_jar(project, _server(project), maven, jdk, context, env)
        else:
            if own_build:
                return build_environment(jdk, None, context)
            program = gradle.find_gradle(root)
            env = build_environment(jdk, program, context)
            entry = await gradle_jar(context.folder, root, program, jdk, context, env)
        place_jar(entry, context)
        if match := _NAMED_JAR.search(context.commands[-1]):
            name = match[1].replace("*", jar_name(entry).rpartition(".")[0])
            is_inside = not name.startswith("/") and ".." not in Path(name).parts
            if is_inside and name != SERVER:
                place_named_jar(entry, context.folder / name)
        if context.tests or any(map(_RUNS_BUILD_TOOL.match, context.commands)):
            return env
        return {name: env[name] for name in ("PATH", "JAVA_HOME")}

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        return test_plan(folder)

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """See `worksample.stacks.base.Stack`."""
        return test_files(folder)

    def is_generated(self, folder: Path) -> bool:
        """See `worksample.stacks.base.Stack`: the output of Maven and Gradle."""
        beside = folder.parent
        if folder.name == "target":
            return (beside / "pom.xml").is_file()
        return folder.name == "build" and gradle.build_file(beside) is not None

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        return error_places(log)

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        return machine_tools()


def _of_maven(project: Project, settings: Settings, start: str) -> Detection:
    """Return the detection of a Maven project; `start` is the command that it states."""
    spring = any(each.uses_spring_boot for each in project.poms)
    reasons = [
        message("modules of pom.xml: {names}", names=", ".join(map(project.path, project.poms)))
        if project.is_multi_module
        else "the project of pom.xml"
    ]
    if start and settings.build:
        server = project.own
    else:
        server = _server(project)
        reasons.append(message("the server is the jar of {module}", module=server.artifact))
    if not start:
        start = (
            f"java -jar {project.path(server)}/target/{server.final_name}.jar"
            if settings.build
            else START
        )
    told, warnings = _configuration(server.folder, spring)
    artifacts = {each.partition(":")[2] for each in project.dependencies}
    return Detection(
        "java-spring" if spring else "java",
        (*reasons, *told),
        start,
        warnings=(*warnings, *_of_command(start)),
        environment=_variables(spring, _address(artifacts, settings)),
        confidence=2,
    )


def _of_gradle(folder: Path, settings: Settings, start: str) -> Detection:
    """Return the detection of the Gradle project in `folder`."""
    path = gradle.build_file(folder)
    text = gradle.text_of(path) if path else ""
    spring = gradle.uses_spring_boot(text) or sources.starts_spring_boot(folder)
    told, warnings = _configuration(folder, spring)
    return Detection(
        "java-spring" if spring else "java",
        (message("the project of {file}", file=path.name if path else ""), *told),
        start or START,
        warnings=(*warnings, *_of_command(start)),
        environment=_variables(spring, _address(set(_WORD.findall(text)), settings)),
        confidence=2 if spring or start else 1,
    )


def _server(project: Project) -> Pom:
    """Return the module that is the server; raises `WorkspaceError` unless there is one."""
    if project.own != project.root or not project.is_multi_module:
        return project.own
    serving = [each for each in project.poms if sources.starts_spring_boot(each.folder)]
    found = serving or [each for each in project.poms if sources.has_main(each.folder)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise WorkspaceError(
            message(
                "{folder} has a pom.xml, but no module of it has a server: no class with "
                "@SpringBootApplication or a `main` in src/main",
                folder=project.root.folder,
            ),
            hint='set [run] command = "..." and [build] command in worksample.toml',
        )
    names = [project.path(each) for each in found]
    raise WorkspaceError(
        message(
            "{folder} has {count} modules that may be the server: {names}",
            folder=project.root.folder,
            count=len(names),
            names=", ".join(names),
        ),
        hint=message('name its folder in worksample.toml: [run] cwd = "{name}"', name=names[0]),
    )


def _variables(spring: bool, address: str) -> dict[str, str]:
    """Return what tells a server its port and database; `address` is "" without a driver."""
    if not spring:
        return {}
    service = "postgres" if address == _POSTGRES else "mysql"
    datasource = {
        "SPRING_DATASOURCE_URL": address,
        "SPRING_DATASOURCE_USERNAME": f"{{{service}.user}}",
        "SPRING_DATASOURCE_PASSWORD": f"{{{service}.password}}",
    }
    return {"SERVER_PORT": "{port}", **(datasource if address else {})}


def _address(names: Collection[str], settings: Settings) -> str:
    """Return the address of the database for the driver among `names`, "" if there is none.

    Of several, that of the database which worksample.toml chooses, or else PostgreSQL's.
    """
    found = [each for name, each in _ADDRESSES.items() if name in names]
    if settings.services.get("database") == "mysql":
        found = [each for each in found if each != _POSTGRES] or found
    return next(iter(found), "")


def _configuration(module: Path, spring: bool) -> tuple[list[str], list[str]]:
    """Return reasons and warnings about the configuration of the server in `module`."""
    reasons: list[str] = []
    warnings: list[str] = []
    for each in configurations(module) if spring else ():
        if each.port:
            reasons.append(
                message(
                    "the port {port} of {file} is overridden by SERVER_PORT",
                    port=each.port,
                    file=each.name,
                )
            )
        if each.required:
            warnings.append(
                message(
                    "{file} needs the variables {names}, which nothing sets: write them into "
                    "worksample.toml under [env]",
                    file=each.name,
                    names=", ".join(each.required),
                )
            )
    return reasons, warnings


def _of_command(start: str) -> Iterator[str]:
    if _RUNS_BUILD_TOOL.match(start):
        yield (
            "the start command runs Maven or Gradle, which takes long and may not pass the signal "
            "to stop on: without it, the jar that they build is started"
        )


def _java(folders: list[Path]) -> int:
    """Return the version of Java that the build files of Gradle in `folders` ask for."""
    paths = filter(None, map(gradle.build_file, folders))
    return next((found for each in paths if (found := gradle.java_of(gradle.text_of(each)))), 0)


STACK = JavaStack()
