"""Builds of Java projects: cached, offline, failing with a reason.

Most are done by a script in place of Maven, which packs a jar without a class.
"""

from __future__ import annotations

import asyncio
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.java import NO_JAVA
from worksample.errors import BuildFailed, CannotBuildHere
from worksample.sandbox.cache import cache_root
from worksample.stacks import detect

#: The parent says which plugins build; those of an older Maven do not know Java 17.
POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>4.1.2</version>
    <relativePath/>
  </parent>
  <groupId>com.example</groupId>
  <artifactId>tiny</artifactId>
  <version>1</version>
  <properties><java.version>17</java.version><start-class>Main</start-class></properties>
</project>
"""
SOURCE = "src/main/java/Main.java"
PROGRAM = 'class Main { public static void main(String[] a) { System.err.println("tiny"); } }\n'
CHANGED = {SOURCE: PROGRAM.replace('"tiny"', '"changed"')}
RECORDED = Path(__file__).parent / "recorded" / "java-errors.txt"
#: Stands in for Maven; {answer} says what it does.
SCRIPT = """#!/bin/sh
case "$*" in {answer}
*) mkdir -p target && cp {jar} target/tiny-1.jar;;
esac
"""
OFFLINE = (
    """*" -o "*) echo "Cannot access central (x) in offline mode and the artifact y:z"; exit 1;;"""
)


def project(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    for name, text in {"pom.xml": POM, SOURCE: PROGRAM, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def build(folder: Path, cache: Path, *, start: bool = False) -> tuple[list[str], str]:
    """Build `folder`; return its commands, and what the start command prints if it is run."""

    async def body() -> tuple[list[str], str]:
        lines: list[str] = []
        async with detect(folder).build(on_line=lines.append, root=cache) as built:
            commands = [each for each in lines if each.startswith("$ ")]
            if not start:
                return commands, ""
            with subprocess.Popen(
                ["/bin/sh", "-c", f"exec {built.detection.start}"],
                cwd=built.cwd,
                env=dict(built.environment),
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                return commands, process.communicate()[1].strip()

    return asyncio.run(body())


class ScriptedMaven:
    """A program `mvn` that packs a jar, and does what a test says."""

    def __init__(self, folder: Path) -> None:
        self.program, self.jar = folder / "mvn", folder / "x.jar"
        self.packs("Main-Class: Main")
        self.answers("")

    def packs(self, manifest: str) -> None:
        with zipfile.ZipFile(self.jar, "w") as archive:
            archive.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\n{manifest}\n\n")

    def answers(self, answer: str) -> None:
        self.program.write_text(SCRIPT.format(answer=answer, jar=self.jar))
        self.program.chmod(0o755)

    def fails_with(self, log: str) -> None:
        (self.program.parent / "log").write_text(log)
        self.answers(f"*) cat {self.program.parent / 'log'}; exit 1;;")


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedMaven:
    """A scripted Maven, and a JDK that has no programs."""
    home = tmp_path / "machine"
    for name in ("bin/javac", "bin/java"):
        (home / "jdk" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "jdk" / name).write_text("")
    (home / "jdk" / "release").write_text('JAVA_VERSION="17.0.1"\n')
    monkeypatch.setenv("JAVA_HOME", str(home / "jdk"))
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")
    return ScriptedMaven(home)


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """A cache without jars; what the real Maven itself needs is not downloaded for each test."""
    repository = cache_root() / "java" / "repository"
    repository.mkdir(parents=True, exist_ok=True)
    folder = tmp_path / "cache" / "java"
    folder.mkdir(parents=True)
    (folder / "repository").symlink_to(repository)
    return folder.parent


def failure(folder: Path, cache: Path) -> BuildFailed:
    with pytest.raises(BuildFailed) as caught:
        build(folder, cache)
    return caught.value


def test_unchanged_project_does_not_call_maven(tmp_path: Path, maven: ScriptedMaven) -> None:
    cache = tmp_path / "cache"
    assert len(build(project(tmp_path / "one"), cache)[0]) == 1
    other = {"README.md": "new", "Procfile": "web: java -jar target/tiny-1.jar\n"}
    assert build(project(tmp_path / "two", other), cache)[0] == []
    assert len(build(project(tmp_path / "three", CHANGED), cache)[0]) == 1


def test_build_with_the_same_pom_is_offline(tmp_path: Path, maven: ScriptedMaven) -> None:
    cache = tmp_path / "cache"
    ((first,), _) = build(project(tmp_path / "one"), cache)
    ((second,), _) = build(project(tmp_path / "two", CHANGED), cache)
    changed = {"pom.xml": POM.replace("tiny", "other")}
    ((third,), _) = build(project(tmp_path / "three", changed), cache)
    assert [" -o " in each for each in (first, second, third)] == [False, True, False]


def test_offline_build_is_tried_again_online(tmp_path: Path, maven: ScriptedMaven) -> None:
    build(project(tmp_path / "one"), tmp_path / "cache")
    maven.answers(OFFLINE)
    commands, _ = build(project(tmp_path / "two", CHANGED), tmp_path / "cache")
    assert [" -o " in each for each in commands] == [True, False]


def test_compile_error_is_not_tried_again(tmp_path: Path, maven: ScriptedMaven) -> None:
    build(project(tmp_path / "one"), tmp_path / "cache")
    maven.fails_with("[ERROR] /app/src/Main.java:[1,65] cannot find symbol\n")
    error = failure(project(tmp_path / "two", CHANGED), tmp_path / "cache")
    assert not isinstance(error, CannotBuildHere)
    assert " -o " in error.command
    assert error.hint == "the sources do not compile: see /app/src/Main.java:[1,65]"


def test_missing_package_is_a_lack_of_this_machine(tmp_path: Path, maven: ScriptedMaven) -> None:
    maven.fails_with("Could not find artifact org.example:x:jar:1 in central (x)\n")
    error = failure(project(tmp_path / "one"), tmp_path / "cache")
    assert isinstance(error, CannotBuildHere)
    assert error.hint.startswith("org.example:x:jar:1 does not exist")


def test_jar_without_a_main_class_is_told(tmp_path: Path, maven: ScriptedMaven) -> None:
    maven.packs("Created-By: somebody")
    error = failure(project(tmp_path / "one"), tmp_path / "cache")
    assert str(error) == "tiny-1.jar cannot be started: its manifest names no main class"
    assert "add spring-boot-maven-plugin" in error.hint


def test_file_that_is_no_jar_is_told(tmp_path: Path, maven: ScriptedMaven) -> None:
    maven.jar.write_bytes(b"rubbish")
    error = failure(project(tmp_path / "one"), tmp_path / "cache")
    assert "tiny-1.jar cannot be started" in str(error)


def test_build_without_a_jar_is_told(tmp_path: Path, maven: ScriptedMaven) -> None:
    maven.answers("*) exit 0;;")
    error = failure(project(tmp_path / "one"), tmp_path / "cache")
    assert str(error) == "the build made no jar in target"


def test_newer_java_is_asked_for_before_anything_is_run(
    tmp_path: Path, maven: ScriptedMaven
) -> None:
    files = {"pom.xml": POM.replace(">17<", ">99<")}
    error = failure(project(tmp_path / "one", files), tmp_path / "cache")
    assert "the project requires Java 99" in str(error)
    assert not error.command


@pytest.mark.parametrize("name", ["target/../../x.jar", "../x.jar"])
def test_jar_is_not_placed_outside_the_copy(
    tmp_path: Path, maven: ScriptedMaven, name: str
) -> None:
    folder = project(tmp_path / "one", {"Procfile": f"web: java -jar {name}\n"})

    async def placed() -> bool:
        async with detect(folder).build(root=tmp_path / "cache") as built:
            return (built.folder.parent / "x.jar").is_symlink()

    assert not asyncio.run(placed())


def test_unchanged_gradle_project_builds_nothing(tmp_path: Path, maven: ScriptedMaven) -> None:
    program = maven.program.with_name("gradle")
    program.write_text(f"#!/bin/sh\nmkdir -p build/libs && cp {maven.jar} build/libs/x.jar\n")
    program.chmod(0o755)
    for name, count in (("one", 1), ("two", 0)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "build.gradle").write_text("plugins { id 'org.springframework.boot' }\n")
        commands, _ = build(folder, tmp_path / "cache")
        assert len(commands) == count
        assert all(each.endswith(" --console=plain bootJar") for each in commands)


@NO_JAVA
@pytest.mark.slow
def test_real_maven_builds_what_starts(tmp_path: Path, downloads: Path) -> None:
    commands, printed = build(project(tmp_path / "one"), downloads, start=True)
    assert (len(commands), printed) == (1, "tiny")
    named = {"Procfile": "web: java -jar target/tiny-1.jar\n"}
    assert build(project(tmp_path / "two", named), downloads, start=True) == ([], "tiny")


@NO_JAVA
@pytest.mark.slow
def test_real_maven_builds_the_module_of_the_server(tmp_path: Path, downloads: Path) -> None:
    root = POM.replace("tiny", "all").replace(
        "</project>",
        "<packaging>pom</packaging><modules><module>lib</module><module>web</module></modules>"
        "</project>",
    )
    own = "<groupId>com.example</groupId><artifactId>{}</artifactId><version>1</version>"
    module = f"<project><modelVersion>4.0.0</modelVersion><parent>{own.format('all')}</parent>"
    library = f"<dependencies><dependency>{own.format('lib')}</dependency></dependencies>"
    files = {
        "pom.xml": root,
        "lib/pom.xml": f"{module}<artifactId>lib</artifactId></project>",
        "lib/src/main/java/Lib.java": 'public class Lib { public static String word = "lib"; }',
        "web/pom.xml": f"{module}<artifactId>web</artifactId>{library}</project>",
        "web/src/main/java/Main.java": PROGRAM.replace('"tiny"', "Lib.word"),
    }
    for name, text in files.items():
        (tmp_path / "one" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "one" / name).write_text(text)
    # The jar does not hold the other module, so the class is missing when it runs.
    assert "NoClassDefFoundError: Lib" in build(tmp_path / "one", downloads, start=True)[1]
