"""What the errors of Java mean, and where in the project's own code they happened.

The logs were printed by Maven 3.8.7, JDK 17 and Spring Boot 4.1.2; of the frames of libraries,
three at a time are kept.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from worksample.stacks.base import error_places
from worksample.stacks.building import build_cause
from worksample.stacks.java import STACK
from worksample.targets.causes import start_cause

RECORDED = Path(__file__).parent / "recorded" / "java-errors.txt"
LOGS = {
    name: text
    for part in RECORDED.read_text().split("---- ")[1:]
    for name, _, text in [part.partition("\n")]
}
CONTROLLER = "com/example/counters/CounterController.java"
SOURCE = f"/tmp/worksample-run-x/app/src/main/java/{CONTROLLER}"
LOMBOK = (
    "Fatal error compiling: java.lang.ExceptionInInitializerError: "
    "com.sun.tools.javac.code.TypeTag :: UNKNOWN\n"
)
NO_HOST = (
    "[ERROR] Non-resolvable parent POM for com.example:shop:1: Could not transfer artifact "
    "org.springframework.boot:spring-boot-starter-parent:pom:4.1.2 from/to central "
    "(https://nothing.invalid/maven2): nothing.invalid: Name or service not known\n"
)
GRADLE = (
    "* What went wrong:\n> Cannot find a Java installation on your machine matching: "
    "{languageVersion=21, vendor=any vendor}. Toolchain auto-provisioning is not enabled.\n"
)
PLACEHOLDER = (
    "Caused by: org.springframework.util.PlaceholderResolutionException: Could not resolve "
    "placeholder 'MAIL_HOST' in value \"${MAIL_HOST}\"\n"
)
POOL = (
    "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request "
    "timed out after 30001ms (total=1, active=1, idle=0, waiting=0)\n"
)
SUPPRESSED = """\
java.lang.IllegalStateException: first
	at com.example.A.run(A.java:7)
	at com.example.A$$SpringCGLIB$$0.run(<generated>)
	Suppressed: java.io.IOException: second
		at com.example.B.close(B.java:9)
	... 2 more
Caused by: java.lang.IllegalArgumentException: deep
	at java.base/java.util.List.of(List.java:1)
"""


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (LOGS["syntax"], f"the sources do not compile: see {SOURCE}:[53,16]"),
        (LOGS["java21"], "the JDK that builds does not know Java 21: install JDK 21"),
        (LOGS["nodep-online"], "org.postgresql:postgresqlx:jar:1.0 does not exist in the reposit"),
        (LOGS["nodep"], "org.postgresql:postgresqlx:jar:1.0 must be downloaded, but the build is"),
        (LOGS["nomain"], "the project has no class with a `main`"),
        (LOGS["twomain"], "(com.example.counters.CountersApplication, com.example.counters.Oth"),
        (LOGS["nopkg"], "no dependency has the package com.google.common.collect"),
        (LOMBOK, "Lombok does not work with a JDK as new as this one"),
        (NO_HOST, "nothing.invalid, from which packages are downloaded, could not be reached"),
        (GRADLE, "Gradle wants JDK 21"),
    ],
)
def test_cause_of_a_failed_build(log: str, advice: str) -> None:
    assert advice in build_cause(log, "java-spring")


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (LOGS["plain"], "target/counters-1.0.0.jar cannot be started, since its manifest names no"),
        (LOGS["badurl"], "spring.datasource.url must begin with jdbc:"),
        (LOGS["bean"], "Spring has no bean of the type java.lang.Runnable"),
        (LOGS["nodriver"], "the driver org.postgresql.Driver is not among the dependencies"),
        (LOGS["nourl"], "Spring finds no database: SPRING_DATASOURCE_URL is set if pom.xml names"),
        (LOGS["port"], "the server listens on port 18977, which is in use"),
        (LOGS["docker-host"], "the host db of the database exists only in a network of containers"),
        (
            LOGS["newer"],
            "compiled for a newer Java than the one that runs it (class file version 69",
        ),
        (PLACEHOLDER, "the configuration needs a value for MAIL_HOST"),
        (PLACEHOLDER, "give it a default in the configuration (MAIL_HOST:default)"),
        (POOL, "spring.datasource.hikari.maximum-pool-size must be 2 at least"),
        ("APPLICATION FAILED TO START\n***\n\nDescription:\n\nIt rains.\n", "It rains."),
    ],
)
def test_cause_of_a_failed_start(log: str, advice: str) -> None:
    assert advice in start_cause(log, "java-spring")


@pytest.mark.parametrize(
    ("log", "places"),
    [
        (LOGS["syntax"], [f"{SOURCE}:53: method missing in class com.example.counters."
                          "CounterController cannot be applied to given types;"]),
        (LOGS["config"], [f"{CONTROLLER}:33: IllegalStateException: X is not set"]),
        (LOGS["npe-plain"], [
            f'{CONTROLLER}:47: NullPointerException: Cannot invoke "String.isEmpty()" because '
            '"none" is null',
            f"{CONTROLLER}:66: ConnectException: Connection refused",
        ]),
        (LOGS["npe-ecs"], [
            f'{CONTROLLER}:47: NullPointerException: Cannot invoke "String.isEmpty()" because '
            '"none" is null',
            f"{CONTROLLER}:66: ConnectException: Connection refused",
        ]),
        (SUPPRESSED, ["com/example/A.java:7: IllegalArgumentException: deep"]),
        ("src/Shop.java:7: error: ';' expected\n", ["src/Shop.java:7: error: ';' expected"]),
        (LOGS["badurl"], []),
    ],
)  # fmt: skip
def test_places_of_errors(log: str, places: list[str]) -> None:
    assert error_places(log) == places


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ["a.", '"\\n\\tat ', "\tat a.b(", "a.B: ", "Caused by: ", "java.lang.", '"a\\n\\tat ']
)
def test_malformed_log_takes_no_time(text: str) -> None:
    for separator in ("", "\n"):
        assert STACK.error_places(f"{text}{separator}" * (200_000 // len(text))) == []
    for cause in (*STACK.build_causes, *STACK.start_causes):
        re.search(cause.pattern, text * 10_000)
