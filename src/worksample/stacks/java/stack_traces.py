"""Where the exceptions in a log of Java happened in the project's own code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NAME = r"(?:[a-z_][\w$]{0,100}\.){1,20}[A-Z][\w$]{0,100}"
_HEAD = re.compile(
    rf"^(?P<cause>\s*(?:Caused by|Wrapped by|Suppressed): )?(?:Exception in thread \"[^\"\n]*\" )?"
    rf"(?P<error>{_NAME}(?:: .*)?)$"
)
_FRAME = re.compile(
    r"^\s+at (?:[\w.@-]{1,100}/{1,2}){0,2}(?P<class>[\w.$]{1,300})\.(?P<method>[\w$<>]{1,200})"
    r"\((?P<file>\w{1,200}\.(?:java|kt|groovy)):(?P<line>\d{1,7})\)(?: ~?\[(?P<jar>[^\]\n]*)\])?"
)
#: A frame without a line, or how many were left out.
_OTHER_FRAME = re.compile(r"^\s+(?:at \S|\.\.\. \d)")
_COMPILER = re.compile(
    r"^\[ERROR\] (/\S+\.(?:java|kt)):\[(\d+),\d+\] (.+)$|^(\S+\.java):(\d+): (error: .+)$",
    re.MULTILINE,
)
#: A structured log has the whole trace in a string of JSON.
_FOLDED = re.compile(r'"((?:[^"\\\n]|\\.){0,20000}\\n\\tat (?:[^"\\\n]|\\.)*)"')
#: Packages of Java, of frameworks and of drivers.
_LIBRARIES = tuple(
    f"{each}."
    for each in (
        *("java", "javax", "jakarta", "jdk", "sun", "com.sun", "kotlin", "kotlinx", "scala"),
        *("groovy", "lombok", "org.springframework", "org.apache", "org.hibernate", "org.jboss"),
        *("com.zaxxer", "org.postgresql", "org.mariadb", "com.mysql", "org.h2", "org.flywaydb"),
        *("liquibase", "com.fasterxml", "tools.jackson", "io.netty", "reactor", "io.micrometer"),
        *("org.slf4j", "ch.qos.logback", "org.junit", "org.mockito", "org.assertj", "org.hamcrest"),
        *("net.bytebuddy", "javassist", "org.aspectj", "org.eclipse.jetty", "io.undertow"),
        *("io.vertx", "io.quarkus", "io.micronaut", "io.r2dbc", "org.jooq", "org.mybatis"),
        *("com.google", "io.jsonwebtoken", "com.auth0", "com.nimbusds", "okhttp3", "feign"),
        *("graphql", "org.antlr", "io.lettuce", "redis.clients", "org.yaml", "org.gradle"),
    )
)
#: What Spring Boot writes behind a frame of a library: the jar within the server's.
_NESTED_JAR = re.compile(r"\.jar!")
MAX_FRAMES = 1_000


@dataclass(slots=True)
class _Trace:
    """One exception: its text, and its frames as (place, whether it is own code)."""

    error: str
    places: list[str] = field(default_factory=list)
    frames: int = 0


def error_places(log: str) -> list[str]:
    """Return the place of each exception in `log` that touches own code, or that of a compiler.

    Of exceptions that caused one another, the last one's error is told, with the nearest place.
    """
    found = [place for each in _chains(log) if (place := _place(each))]
    if not found and (match := _COMPILER.search(log)):
        path, line, text = match.groups()[:3] if match[1] else match.groups()[3:]
        return [f"{path}:{line}: {text}"]
    return found


def _place(chain: list[_Trace]) -> str:
    """Return the place of the innermost own code, with the error of the innermost exception."""
    place = next((each.places[0] for each in reversed(chain) if each.places), "")
    return f"{place}: {_short(chain[-1].error)}" if place else ""


def _chains(log: str) -> Iterator[list[_Trace]]:
    """Yield each exception with those that caused it, the outermost first."""
    chain: list[_Trace] = []
    suppressed = False  # what happened while a resource was closed is not why it happened
    for line in _unfolded(log):
        if frame := _FRAME.match(line):
            if chain and not suppressed and chain[-1].frames < MAX_FRAMES:
                chain[-1].frames += 1
                if _is_own(frame):
                    chain[-1].places.append(_path(frame))
        elif head := _HEAD.match(line):
            cause = (head["cause"] or "").strip()
            suppressed = cause.startswith("Suppressed")
            if not cause and chain:
                yield chain
                chain = []
            if not suppressed:
                chain.append(_Trace(head["error"]))
        elif chain and chain[-1].frames and not _OTHER_FRAME.match(line):
            yield chain
            chain = []
    if chain:
        yield chain


def _is_own(frame: re.Match[str]) -> bool:
    if frame["class"].startswith(_LIBRARIES) or "." not in frame["class"]:
        return False
    if frame["method"] == "main" or "$$" in frame["class"]:  # a proxy has no line worth reading
        return False
    return not _NESTED_JAR.search(frame["jar"] or "")


def _path(frame: re.Match[str]) -> str:
    package = frame["class"].rpartition(".")[0].replace(".", "/")
    return f"{package}/{frame['file']}:{frame['line']}"


def _short(error: str) -> str:
    """Return an error without the package of its class: `IllegalStateException: closed`."""
    name, separator, text = error.partition(": ")
    return f"{name.rpartition('.')[2]}{separator}{text}"


def _unfolded(log: str) -> Iterator[str]:
    """Yield the lines of `log`; a trace within one line is followed by an empty line."""
    for line in log.splitlines():
        if r"\n\tat " in line and (match := _FOLDED.search(line)):
            yield from _text(match[0]).splitlines()
            yield ""
        else:
            yield line


def _text(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False)).encode(errors="replace").decode()
    except ValueError:
        return literal
