"""Detection of Java projects: stack, module of the server, configuration, JDK, build tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import BuildFailed, WorkspaceError
from worksample.stacks import Detection, detect, load_settings
from worksample.stacks.copying import list_files
from worksample.stacks.installation import Installation
from worksample.stacks.java import START, gradle, maven
from worksample.stacks.java.jdks import find_jdk, jdks, version_of_files
from worksample.stacks.java.pom import Project, major_version
from worksample.stacks.settings import Settings

POM = """\
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>4.1.2</version>
  </parent>
  <groupId>com.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties><java.version>17</java.version></properties>
  <dependencies>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>
  </dependencies>
</project>
"""
PLAIN = "<project><artifactId>shop</artifactId><version>1</version></project>"
SPRING = "import x;\n@SpringBootApplication\nclass Shop { public static void main(String[] a) {} }"
MAIN = "class Tool { public static void main(String[] a) { System.out.println(1); } }"
PROPERTIES = "src/main/resources/application.properties"
YAML = "src/main/resources/application.yml"
SOURCE = "src/main/java/com/example/Shop.java"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def detected(folder: Path, files: dict[str, str] | None = None) -> Detection:
    return detect(write(folder, {"pom.xml": POM, SOURCE: SPRING, **(files or {})})).detection


def modules(*names: str) -> str:
    listed = "".join(f"<module>{each}</module>" for each in names)
    return f"<project><artifactId>all</artifactId><modules>{listed}</modules></project>"


def jdk(folder: Path, version: str) -> Path:
    """Make a folder that looks like a JDK."""
    write(folder, {"bin/javac": "", "bin/java": "", "release": f'JAVA_VERSION="{version}"\n'})
    return folder


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of a machine without Java, Maven and Gradle."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(home))
    for name in ("JAVA_HOME", "MAVEN_HOME", "MAVEN_USER_HOME", "GRADLE_USER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("worksample.stacks.java.jdks._USUAL_FOLDERS", ())
    monkeypatch.setattr("worksample.stacks.java.maven._USUAL_PLACES", ())
    return home


def test_spring_boot_project_is_its_own_server(tmp_path: Path) -> None:
    found = detected(tmp_path)
    assert (found.stack, found.start, found.release) == ("java-spring", START, "")
    assert found.reasons == ("the project of pom.xml", "the server is the jar of shop")
    assert (found.confidence, found.warnings) == (2, ())


def test_server_is_told_port_and_database(tmp_path: Path) -> None:
    values = {"port": "80", "postgres.jdbc": "jdbc:x", "postgres.user": "u"}
    values["postgres.password"] = "p"
    assert detected(tmp_path).variables(values) == {
        "SERVER_PORT": "80",
        "SPRING_DATASOURCE_URL": "jdbc:x",
        "SPRING_DATASOURCE_USERNAME": "u",
        "SPRING_DATASOURCE_PASSWORD": "p",
    }


@pytest.mark.parametrize(
    ("driver", "address"),
    [
        ("mysql-connector-j", "{mysql.jdbc}"),
        ("mariadb-java-client", "jdbc:mariadb://{mysql.host}:{mysql.port}/{mysql.database}"),
        ("h2", None),
    ],
)
def test_address_of_the_database_is_that_of_the_driver(
    tmp_path: Path, driver: str, address: str | None
) -> None:
    pom = POM.replace("<artifactId>postgresql<", f"<artifactId>{driver}<")
    found = detected(tmp_path, {"pom.xml": pom}).environment
    assert found.get("SPRING_DATASOURCE_URL") == address
    assert found.get("SPRING_DATASOURCE_USERNAME") == ("{mysql.user}" if address else None)


def test_chosen_database_decides_between_drivers(tmp_path: Path) -> None:
    second = "<dependency><groupId>x</groupId><artifactId>mysql-connector-j</artifactId>"
    pom = POM.replace("</dependencies>", f"{second}</dependency></dependencies>")
    files = {"pom.xml": pom, "worksample.toml": '[services]\ndatabase = "mysql"\n'}
    assert detected(tmp_path, files).environment["SPRING_DATASOURCE_URL"] == "{mysql.jdbc}"


def test_project_without_spring_gets_no_variables(tmp_path: Path) -> None:
    found = detected(tmp_path, {"pom.xml": PLAIN, SOURCE: MAIN})
    assert (found.stack, found.start, dict(found.environment)) == ("java", START, {})


def test_only_module_that_starts_spring_boot_is_the_server(tmp_path: Path) -> None:
    files = {
        "pom.xml": modules("core", "web"),
        "core/pom.xml": PLAIN,
        "core/src/main/java/A.java": f"// @SpringBootApplication\n{MAIN}",
        "web/pom.xml": POM.replace("shop", "web"),
        "web/src/main/java/B.java": SPRING,
    }
    found = detect(write(tmp_path, files)).detection
    assert found.reasons == ("modules of pom.xml: ., core, web", "the server is the jar of web")
    assert found.stack == "java-spring"


def test_several_servers_are_named(tmp_path: Path) -> None:
    files = {"pom.xml": modules("a", "b")}
    for name in ("a", "b"):
        files |= {f"{name}/pom.xml": POM, f"{name}/src/main/kotlin/A.kt": SPRING}
    with pytest.raises(WorkspaceError, match="has 2 modules that may be the server: a, b") as error:
        detect(write(tmp_path, files))
    assert error.value.hint == 'name its folder in worksample.toml: [run] cwd = "a"'


def test_folder_of_a_module_chooses_it(tmp_path: Path) -> None:
    files = {"pom.xml": modules("a", "b"), "worksample.toml": '[run]\ncwd = "b"\n'}
    for name in ("a", "b"):
        files |= {f"{name}/pom.xml": POM.replace("shop", name), f"{name}/{SOURCE}": SPRING}
    found = detect(write(tmp_path, files)).detection
    assert found.reasons[-1] == "the server is the jar of b"


def test_modules_without_a_server_are_refused(tmp_path: Path) -> None:
    files = {"pom.xml": modules("a"), "a/pom.xml": PLAIN}
    with pytest.raises(WorkspaceError, match="no module of it has a server"):
        detect(write(tmp_path, files))


def test_modules_that_name_each_other_end(tmp_path: Path) -> None:
    files = {"pom.xml": modules("a"), "a/pom.xml": modules("..", "../a")}
    assert Project.around(write(tmp_path, files), []) is not None


@pytest.mark.parametrize(
    "text", ["<project>", "", '<!DOCTYPE x [<!ENTITY a "b">]><project/>', "\x00", "rubbish"]
)
def test_invalid_pom_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkspaceError, match=r"pom\.xml cannot be read: ."):
        detected(tmp_path, {"pom.xml": text})


@pytest.mark.parametrize(
    ("name", "text", "port"),
    [
        (PROPERTIES, "server.port=8081\n", "8081"),
        (PROPERTIES, "# server.port=1\n  server.port : ${PORT:8082}\n", "${PORT:8082}"),
        (YAML, "spring:\n  port: 1\nserver:\n  # here\n\n  port: 8083 # dev\n", "8083"),
        (YAML, "server:\n  address: x\nother:\n  port: 1\n", ""),
        (PROPERTIES, "my.server.port=1\n", ""),
    ],
)
def test_port_of_the_configuration_is_overridden(
    tmp_path: Path, name: str, text: str, port: str
) -> None:
    reasons = detected(tmp_path, {name: text}).reasons
    told = f"the port {port} of {name} is overridden by SERVER_PORT"
    assert reasons[2:] == ((told,) if port else ())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["server:\n  \n", "server:\n" + "  a\n" * 9, "${A", "${A}\n"])
def test_malformed_configuration_takes_no_time(tmp_path: Path, text: str) -> None:
    files = {YAML: text * (200_000 // len(text)), SOURCE: '"""\n/*"' * 60_000 + SPRING}
    assert detected(tmp_path, files).stack == "java-spring"


def test_variables_that_nobody_sets_are_named(tmp_path: Path) -> None:
    text = "a=${JWT_SECRET}\nb=${MAIL_HOST}\n#c=${OLD}\nspring.datasource.url=${DB_URL}\nd=${E:1}\n"
    assert detected(tmp_path, {PROPERTIES: text}).warnings == (
        f"{PROPERTIES} needs the variables MAIL_HOST, which nothing sets: write them into "
        "worksample.toml under [env]",
    )


@pytest.mark.parametrize("command", ["./mvnw spring-boot:run", "exec mvn -q spring-boot:run"])
def test_start_by_maven_is_warned_of(tmp_path: Path, command: str) -> None:
    found = detected(tmp_path, {"Procfile": f"web: {command}\n"})
    assert found.start == command
    assert "the start command runs Maven or Gradle" in found.warnings[0]


def test_own_build_makes_the_jar_that_is_started(tmp_path: Path) -> None:
    files = {"worksample.toml": '[build]\ncommand = "./build.sh"\n'}
    assert detected(tmp_path, files).start == "java -jar ./target/shop-1.0.jar"


@pytest.mark.parametrize("name", ["build.gradle", "build.gradle.kts"])
def test_gradle_is_recognised(tmp_path: Path, name: str) -> None:
    text = 'id("org.springframework.boot") version "4.1.2"\nruntimeOnly("x:mysql-connector-j")\n'
    found = detect(write(tmp_path, {name: text})).detection
    assert (found.stack, found.start) == ("java-spring", START)
    assert found.reasons == (f"the project of {name}",)
    assert found.environment["SPRING_DATASOURCE_URL"] == "{mysql.jdbc}"


def test_output_of_the_build_is_not_copied(tmp_path: Path) -> None:
    names = ("target/x.jar", "sub/target/y", "sub/build/z", ".gradle/c", "other/build/w")
    write(tmp_path, dict.fromkeys(names, "") | {"pom.xml": POM, "sub/pom.xml": POM})
    write(tmp_path, {"sub/build.gradle": ""})
    assert [each.name for each in list_files(tmp_path)] == [
        *("other/build/w", "pom.xml", "sub/build.gradle", "sub/pom.xml"),
    ]


@pytest.mark.parametrize(
    ("properties", "asked"),
    [
        ("<java.version>21</java.version>", 21),
        ("<java.version>1.8</java.version>", 8),
        ("<jdk>25</jdk><maven.compiler.release>${jdk}</maven.compiler.release>", 25),
        ("<maven.compiler.source>11</maven.compiler.source>", 11),
        ("<java.version>${unknown}</java.version>", 0),
        ("", 0),
    ],
)
def test_java_that_a_pom_asks_for(tmp_path: Path, properties: str, asked: int) -> None:
    pom = POM.replace("<java.version>17</java.version>", properties)
    project = Project.around(write(tmp_path, {"pom.xml": pom}), [])
    assert project
    assert project.java == asked


def test_java_of_the_compiler_plugin_decides(tmp_path: Path) -> None:
    plugin = (
        "<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId><configuration>"
        "<release>21</release></configuration></plugin></plugins></build></project>"
    )
    pom = POM.replace("</project>", plugin)
    project = Project.around(write(tmp_path, {"pom.xml": pom}), [])
    assert project
    assert project.java == 21


@pytest.mark.parametrize(
    ("name", "text", "asked"),
    [
        (".java-version", "21.0.2\n", 21),
        (".java-version", "temurin-25.0.1\n", 25),
        (".sdkmanrc", "# sdk\njava=17.0.9-tem\n", 17),
        (".tool-versions", "nodejs 20\njava temurin-21.0.1\n", 21),
        (".java-version", "system\n", 0),
    ],
)
def test_java_of_a_version_file(tmp_path: Path, name: str, text: str, asked: int) -> None:
    assert version_of_files([write(tmp_path, {name: text})]) == asked


@pytest.mark.parametrize(
    ("text", "version"), [("1.8.0_402", 8), ("17.0.15", 17), ("VERSION", 0), ("9", 9)]
)
def test_major_version(text: str, version: int) -> None:
    assert major_version(text) == version


@pytest.mark.parametrize(
    ("wanted", "found"), [(0, "17.0.1"), (11, "17.0.1"), (18, "21"), (21, "21")]
)
def test_jdk_of_the_project_or_the_next_newer(
    machine: Path, monkeypatch: pytest.MonkeyPatch, wanted: int, found: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(jdk(machine / "mine", "17.0.1")))
    jdk(machine / ".sdkman/candidates/java/25-tem", "25")
    jdk(machine / ".jdks/temurin-21", "21")
    (machine / ".jdks/only-a-runtime/bin").mkdir(parents=True)
    assert find_jdk(wanted, Settings()).text == found


def test_chosen_jdk_must_be_here(tmp_path: Path, machine: Path) -> None:
    jdk(machine / ".jdks/a", "17.0.1")
    jdk(machine / ".jdks/b", "25")
    toml = '[build]\njava = "{}"\n'
    write(tmp_path, {"worksample.toml": toml.format(25)})
    assert find_jdk(17, load_settings(tmp_path)).text == "25"
    write(tmp_path, {"worksample.toml": toml.format(21)})
    with pytest.raises(WorkspaceError, match=r":2: build.java: this machine has no JDK 21; it has"):
        find_jdk(17, load_settings(tmp_path))


def test_older_jdks_are_told_with_what_to_do(machine: Path) -> None:
    jdk(machine / ".jdks/a", "17.0.1")
    with pytest.raises(BuildFailed, match=r"requires Java 21; the newest JDK .* is 17") as caught:
        find_jdk(21, Settings())
    assert "install JDK 21" in caught.value.hint


def test_missing_java_maven_and_gradle_are_told(tmp_path: Path, machine: Path) -> None:
    assert jdks() == []
    with pytest.raises(BuildFailed, match="no JDK is installed"):
        find_jdk(17, Settings())
    with pytest.raises(BuildFailed, match=r"Maven is not installed on this machine$"):
        maven.find_maven(tmp_path)
    with pytest.raises(BuildFailed, match=r"Gradle is not installed .* and the project has no"):
        gradle.find_gradle(tmp_path)


def test_downloaded_distribution_of_the_maven_wrapper_builds(tmp_path: Path, machine: Path) -> None:
    url = "distributionUrl=https://repo.example/apache-maven/3.9.6/apache-maven-3.9.6-bin.zip\n"
    write(tmp_path, {".mvn/wrapper/maven-wrapper.properties": url})
    with pytest.raises(BuildFailed, match=r"the wrapper's distribution 3\.9\.6 is not") as caught:
        maven.find_maven(tmp_path)
    assert caught.value.hint.startswith("run ./mvnw -version once, or install Maven")
    write(machine, {"mvn": ""})
    (machine / "mvn").chmod(0o755)
    assert "the wrapper's Maven 3.9.6 is not downloaded" in maven.find_maven(tmp_path).note
    place = ".m2/wrapper/dists/apache-maven-3.9.6-bin/5a3/apache-maven-3.9.6/bin/mvn"
    write(machine, {place: ""})
    assert maven.find_maven(tmp_path) == maven.Maven(machine / place)


def test_downloaded_distribution_of_the_gradle_wrapper_builds(
    tmp_path: Path, machine: Path
) -> None:
    url = "distributionUrl=https\\://services.example/distributions/gradle-8.10.2-bin.zip\n"
    write(tmp_path, {"gradle/wrapper/gradle-wrapper.properties": url})
    with pytest.raises(BuildFailed, match=r"wants to download Gradle 8\.10\.2") as caught:
        gradle.find_gradle(tmp_path)
    assert "run ./gradlew --version once" in caught.value.hint
    place = ".gradle/wrapper/dists/gradle-8.10.2-bin/a1/gradle-8.10.2/bin/gradle"
    write(machine, {place: ""})
    assert gradle.find_gradle(tmp_path) == machine / place


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("languageVersion = JavaLanguageVersion.of(21)", 21),
        ("kotlin { jvmToolchain(17) }", 17),
        ("sourceCompatibility = '1.8'", 8),
        ("targetCompatibility = JavaVersion.VERSION_11", 11),
        ("plugins {}", 0),
    ],
)
def test_java_that_gradle_asks_for(text: str, asked: int) -> None:
    assert gradle.java_of(text) == asked


def test_known_jdk_needs_no_program_to_be_run(machine: Path) -> None:
    home = jdk(machine / ".jdks/a", "1.8.0_402")
    assert jdks() == [Installation(home / "bin" / "java", (8, 0, 402), str(home))]
