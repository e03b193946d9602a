"""Tell whether an ad is for backend work, and for which other work if not."""

from __future__ import annotations

import re
from collections.abc import Collection

from worksample.postings.tokens import Tokens, fold
from worksample.skills import load

_BACKEND = re.compile(
    r"back[\s-]?end|full[\s-]?stack|server[\s-]?side|\bsre\b|site reliability|platform engineer|devops|api (?:developer|engineer)"
    r"|micro-?services|infrastructure engineer|systems? engineer|cloud engineer|data(?:base)? engineer"
)
_OTHERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mobile development", re.compile(r"\b(?:android|ios|mobile|flutter|react native|swift)\b")),
    ("front-end development", re.compile(r"front[\s-]?end|\bui (?:developer|engineer)|frontend|web ?design|\bux\b")),
    ("project and product management", re.compile(r"scrum master|project manager|product (?:owner|manager)|program manager|projektleiter|chef de projet|delivery manager|agile coach|engineering manager|jefe de proyecto|gerente de projeto")),
    ("design", re.compile(r"\bdesigner\b|graphi[ck]")),
    ("testing", re.compile(r"\bqa\b|\btester\b|test (?:engineer|analyst)|quality assurance|\bsdet\b")),
    ("data science and analysis", re.compile(r"data scien|data analyst|machine learning|business intelligence|\bml engineer|\bbi\b|business analyst|research scientist")),
    ("support and administration", re.compile(r"help ?desk|support (?:engineer|specialist|technician)|system administrator|network (?:engineer|admin)|sysadmin|technical support|it support")),
    ("embedded development", re.compile(r"embedded|firmware|fpga|hardware|electrical|plc\b")),
    ("game development", re.compile(r"\bgame (?:developer|designer|programmer|artist)|unity developer|unreal")),
    ("sales and marketing", re.compile(r"\bsales\b|marketing|account (?:manager|executive)|recruiter|copywriter|content writer|seo\b|customer success")),
)  # fmt: skip
_SOFTWARE = re.compile(
    r"develop|engineer|programm|entwickl|developpeu|ingenieur|desarroll|programador|desenvolv|svilupp|programmat|programist|inzynier|software|analista|architect|architekt|\bdev\b|coder|tech lead|analyst programmer|consultant|berater"
)
_CARES = re.compile(
    r"\bnurse|therap|physician|clinic|driver|warehouse|chef\b|teacher|accountant|lawyer|attorney|cashier|mechanic|dental|pharmac|caregiver|receptionist"
)
_SERVER = frozenset(
    ["spring", "java-ee", "jpa-hibernate", "quarkus", "nodejs", "express", "nestjs", "dotnet", "aspnet", "django", "flask", "fastapi", "celery", "rails", "laravel", "symfony", "orm", "postgresql", "mysql", "mariadb", "sql-server", "oracle-db", "db2", "sql", "mongodb", "cassandra", "dynamodb", "redis", "memcached", "kafka", "rabbitmq", "aws-sqs", "message-queues", "rest", "graphql", "grpc", "soap", "api-design", "microservices", "databases", "relational-databases", "nosql-databases", "event-driven", "distributed-systems"]
)


def role_of(title: str, tokens: Tokens, skills: Collection[str]) -> tuple[bool, str]:
    """(whether it is backend work, what kind of work it is), from the title and what is asked.

    Full-stack work and the running of servers count as backend.
    """
    named = fold(title)
    if _CARES.search(named):
        return False, "another profession"
    if _BACKEND.search(named):
        return True, "backend development"
    for other, pattern in _OTHERS:
        if pattern.search(named):
            return False, other
    return _by_content(named, fold(tokens.text), skills)


def _by_content(named: str, text: str, skills: Collection[str]) -> tuple[bool, str]:
    server = len(_SERVER & set(skills))
    technical = sum(load()[skill].is_technology for skill in skills)
    if _BACKEND.search(text) and (technical >= 2 or not named):
        return True, "backend development"
    if _SOFTWARE.search(named) and (server >= 1 or technical >= 2):
        return True, "backend development"
    if not named and server >= 2 and _SOFTWARE.search(text):
        return True, "backend development"
    return False, "software work without a server side" if technical >= 2 else "another profession"
