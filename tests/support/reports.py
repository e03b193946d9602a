"""Sample reports of every kind, including hostile content, to test the output formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

import worksample
from worksample.checks import (
    Aspect,
    Check,
    CheckResult,
    Finding,
    Growth,
    Timeline,
    TimelineStep,
    Verdict,
)
from worksample.grading import Problem, Report, RunVerdict, Selection
from worksample.grading.report import ComparedRow, Comparison, LeftOut, Score
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request, Response, Trouble

STAGES = {1: "It starts and answers", 2: "Accounts", 3: "Articles", 9: "Under attack"}
CLAUSES = {
    "A1": "Anyone can register with a username, an e-mail address and a password, and is signed "
    "in at once.",
    "R8": "Only the author may edit or delete an article.",
    "G4": "Nothing that a client sends may make the server answer with a 5xx.",
}
#: Content that a malicious target may send: terminal escapes, markup, control characters.
HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>\u202egnp.exe\u202c"
    "[bold]x[/bold] &amp; ]]> \x00 \ud800 {{ 7*7 }} {% raw %}"
)


def check(name: str, *, stage: int = 2, aspect: Aspect = Aspect.BEHAVIOUR, **words: Any) -> Check:
    """Return a check with the id `name`; `words` replaces default fields."""
    fields = {
        "title": name.replace("-", " ").capitalize(),
        "clause": "A1",
        "why": "Nobody can use a service that they cannot join.",
        "skills": ("rest",),
    }
    return Check(id=name, stage=stage, aspect=aspect, **{**fields, **words})


def exchange(
    label: str = "Ada registers",
    method: str = "POST",
    target: str = "/api/users",
    *,
    status: int = 201,
    sent: Any = None,
    got: Any = None,
    kind: str = "application/json",
) -> Exchange:
    """Return an exchange; `sent` and `got` are bodies: bytes, or values encoded as JSON."""
    return Exchange(
        Request(method, target, (("Authorization", "Token abc.def.ghi"),), _body(sent)),
        Response(status, (("Content-Type", kind),), _body(got)),
        label=label,
        started=12.5,
        seconds=0.0042,
    )


def broken_exchange(trouble: Trouble = Trouble.CLOSED, detail: str = "after 12 bytes") -> Exchange:
    """Return an exchange without a response."""
    request = Request("GET", "/api/articles?limit=1", (("Accept", "*/*"),))
    return Exchange(request, None, trouble, detail, "A visitor lists articles", 13.0, 5.0)


def failed(made: Check, *findings: Finding) -> CheckResult:
    """Return the result of a check that failed."""
    return CheckResult(made, Verdict.FAIL, findings or (finding(),), seconds=0.1, requests=2)


def finding(**words: Any) -> Finding:
    """Return a finding with two exchanges, of which the second failed."""
    story = (
        exchange(sent={"user": {"username": "ada"}}, got={"user": {"token": "abc.def.ghi"}}),
        exchange(
            "Ada publishes an article",
            target="/api/articles",
            status=500,
            sent={"article": {"title": "Hello", "tagList": ["a", "b"]}},
            got={"detail": "Internal Server Error"},
        ),
    )
    fields = {
        "expected": "201 Created",
        "actual": '500 {"detail": "Internal Server Error"}',
        "exchanges": story,
        "culprit": 1,
        "log": "Traceback (most recent call last):\n  File app.py\nKeyError: 'tagList'",
    }
    return Finding(**{**fields, **words})


def report(results: Sequence[CheckResult] = (), **fields: Any) -> Report:
    """Return a report of `results`; `fields` replaces defaults (the verdict is rejected)."""
    known: dict[str, Any] = {
        "run": "20261123-184212-3fa9",
        "kind": "build",
        "challenge": "conduit",
        "challenge_title": "Conduit: a place for people who write",
        "challenge_version": "1.0",
        "stages": STAGES,
        "stack": "python-fastapi",
        "digest": "sha256:" + "ab" * 32,
        "seed": 42,
        "verdict": RunVerdict.REJECTED,
        "started": "2026-11-23T18:42:12+00:00",
        "seconds": 12.34,
        "versions": {
            "worksample": worksample.__version__,
            "python": "3.11.7",
            "platform": "linux x86_64",
        },
        "results": tuple(results),
        "notes": ("packages from requirements.txt",),
        "timings": {"building": 2.1, "starting": 0.8, "asking": 9.4},
        "requests": 1234,
        "clauses": CLAUSES,
        "base_url": "http://127.0.0.1:41234",
        "prefix": "/api",
        "profile": "brief",
        "profile_title": "the brief",
    }
    return Report(**{**known, **fields})


def accepted() -> Report:
    """Return the report of a server that passes all checks."""
    names = ("one", "two", "three")
    results = [CheckResult(check(name, stage=2), Verdict.PASS, seconds=0.2) for name in names]
    return report(results, verdict=RunVerdict.ACCEPTED)


def remarked() -> Report:
    """Return the report of an accepted server that breaks a rule which its profile leaves out."""
    shown = exchange(target="/api/articles", status=200)
    remark = Finding("status 422", "200 OK: {}", exchanges=(shown,), culprit=0, clause="R8")
    results = [
        CheckResult(check(name, rules=(("ownership", "R8"),)), Verdict.PASS, remarks=(remark,))
        for name in ("one", "two")
    ]
    public = {"profile": "public", "profile_title": "the public specification"}
    return report(results, verdict=RunVerdict.ACCEPTED, **public)


def rejected() -> Report:
    """Return a report with every verdict, two causes, and a check blocked by a blocked check."""
    publish = check("an-article-can-be-published", stage=3, clause="G4")
    edit = check("the-author-can-edit", stage=3, clause="R8")
    steal = check(
        "only-the-author-edits", stage=9, aspect=Aspect.SECURITY, clause="R8",
        cites="OWASP API1:2023", hint="Compare the author of the row with who is asking.",
    )  # fmt: skip
    results = [
        CheckResult(check("anyone-can-register"), Verdict.PASS, seconds=0.1, requests=2),
        CheckResult(check("tags-are-listed", stage=1), Verdict.PASS),
        failed(publish, finding(cause="POST api/articles 500")),
        failed(check("tags-come-back-whole", stage=3), finding(cause="POST api/articles 500")),
        failed(steal, finding(
            exchanges=(exchange("A stranger edits it", "PUT", "/api/articles/hello", status=200),),
            culprit=0, expected="status 403", actual="200", log="", details=("a", "b"),
        )),
        CheckResult(edit, Verdict.BLOCKED, blocked_by=publish.id),
        CheckResult(check("edits-keep-the-rest", stage=3), Verdict.BLOCKED, blocked_by=edit.id),
        CheckResult(
            check("passwords-are-hashed", stage=9, aspect=Aspect.SECURITY),
            Verdict.BLOCKED,
            reason="this server stores nothing in the database that Worksample provides",
            excused=True,
        ),
        CheckResult(
            check("a-check-of-ours", aspect=Aspect.CONTRACT), Verdict.ERROR, reason="KeyError: 'x'"
        ),
        CheckResult(
            check("close-to-call", aspect=Aspect.PERFORMANCE), Verdict.UNDECIDED, reason="1.49 of 2"
        ),
        failed(
            check("it-goes-on-answering", stage=9),
            finding(exchanges=(broken_exchange(),), culprit=0, expected="an answer",
                    actual="connection closed"),
        ),
    ]  # fmt: skip
    return report(results, selection=Selection(stage=9))


def many(number: int = 120) -> Report:
    """Return a report with `number` unrelated failures."""
    return report([failed(check(f"check-number-{n}", stage=3)) for n in range(number)])


def within_budget() -> Report:
    """Return the report of a run that found nothing in 60 seconds, and left checks out."""
    results = [CheckResult(check("anyone-can-register"), Verdict.PASS, seconds=0.1, requests=2)]
    left_out = (
        LeftOut("tags-are-listed", "Tags are listed", 1, Aspect.BEHAVIOUR),
        LeftOut("names-are-given-once", "Names are given once", 2, Aspect.CONCURRENCY),
    )
    return report(
        results,
        verdict=RunVerdict.NOTHING_FOUND,
        selection=Selection(budget=60),
        left_out=left_out,
    )


def build_failed() -> Report:
    """Return the report of a submission whose build failed."""
    log = "\n".join(f"Collecting package-{n}" for n in range(60))
    problem = Problem(
        "installing the packages failed (exit code 1)",
        "requirements.txt names a package that does not exist: djagno",
        "pip install -r requirements.txt",
        {"PATH": "/usr/bin", "PORT": "41234", "SECRET_KEY": "(masked)"},
        log + "\nERROR: No matching distribution found for djagno",
    )
    return report(verdict=RunVerdict.BUILD_FAILED, problem=problem, base_url="", requests=0)


def start_failed() -> Report:
    """Return the report of a server that printed nothing and never opened its port."""
    problem = Problem("the server was not ready within 60 s: it never listened on port 41234")
    return report(verdict=RunVerdict.START_FAILED, problem=problem)


def undecided() -> Report:
    """Return a report without failures, but with a check that has no verdict."""
    result = CheckResult(check("ours"), Verdict.ERROR, reason="KeyError: 'x' (ask, line 3)")
    return report([result], verdict=RunVerdict.ERROR)


def timeline(**words: Any) -> Timeline:
    """Return the timeline of a lost update, statement by statement."""
    read = "SELECT favorites_count FROM articles WHERE slug = $1"
    write = "UPDATE articles SET favorites_count = $1 WHERE id = $2"
    beats = (
        TimelineStep(0, "POST /api/articles/the-sea-4f2a/favorite"),
        TimelineStep(0, "BEGIN"),
        TimelineStep(0, read),
        TimelineStep(1, "POST /api/articles/the-sea-4f2a/favorite"),
        TimelineStep(1, "BEGIN"),
        TimelineStep(1, read),
        TimelineStep(1, write),
        TimelineStep(1, "COMMIT"),
        TimelineStep(1, "→ 200"),
        TimelineStep(0, write, "held here until B has ended", mark=True),
        TimelineStep(0, "COMMIT"),
        TimelineStep(0, "→ 200"),
    )
    fields = {
        "title": "In the order in which PostgreSQL got it",
        "actors": (("A", "ann marks a favourite"), ("B", "bob marks a favourite")),
        "beats": beats,
    }
    return Timeline(**{**fields, **words})


def growth(**words: Any) -> Growth:
    """Return the growth of two endpoints: one grows with the page, one is constant."""
    fields = {
        "title": "Statements for one request, as the page grows",
        "size_of": "entries on the page",
        "unit": "statements",
        "sizes": (1.0, 4.0, 16.0),
        "lines": (("GET /api/articles", (5.0, 14.0, 50.0)), ("GET /api/tags", (1.0, 1.0, 1.0))),
    }
    return Growth(**{**fields, **words})


def drawn() -> Report:
    """Return a report with a race and a growth finding, both with figures."""
    race = check(
        "favourites-of-two-both-count", stage=3, aspect=Aspect.CONCURRENCY, lab=True,
        hint="Let the database count: UPDATE … SET favorites_count = favorites_count + 1.",
    )  # fmt: skip
    pages = check("a-page-costs-the-same", stage=9, aspect=Aspect.PERFORMANCE, lab=True)
    lost = finding(
        hint=message("Look at {table} first.", table="the favourites"),
        expected="the same result as if one request had run after the other (serializable): "
        'A 200, B 200, then {"favourites": 2}',
        actual='A 200, B 200, then {"favourites": 1}',
        figures=(timeline(),),
        culprit=None,
        log="",
    )
    grown = finding(
        expected="the same number of statements for 16 entries as for 1",
        actual="5 statements for 1 entry, 50 for 16",
        figures=(growth(), timeline(title="And twice")),
        log="",
    )
    results = [failed(race, lost), failed(pages, grown)]
    return report([*results, CheckResult(check("anyone-can-register"), Verdict.PASS)])


def hostile() -> Report:
    """Return a report in which all text from the target or the workspace is hostile."""
    raw = HOSTILE.encode("utf-8", "replace")
    story = (
        exchange(HOSTILE, "GE\x1bT", "/api/\x1b[31m\xff'\"><script>", got=raw),
        exchange(HOSTILE, status=200, sent=b"\x00\xff" * 900, got=b"\x1b]8;;http://x\x07" * 900),
        replace(broken_exchange(Trouble.NOT_HTTP, HOSTILE), notes=(HOSTILE,)),
        exchange("long", got=b"x" * 10_000, kind=HOSTILE.replace("\ud800", "")),
    )  # fmt: skip
    beats = tuple(TimelineStep(n % 3, HOSTILE * 40, HOSTILE * 9, mark=n == 70) for n in range(90))
    bad = Finding(
        expected=HOSTILE,
        actual=HOSTILE + "y" * 10_000,
        because=HOSTILE,
        exchanges=story,
        culprit=3,
        details=(HOSTILE,) * 20,
        hint=HOSTILE,
        cause=HOSTILE,
        log=f"{HOSTILE}\n{'z' * 10_000}\n" * 50,
    )
    refused = exchange(status=422, got=HOSTILE.replace("\ud800", "").encode())
    told = Finding("status 200", "422", exchanges=(refused,), culprit=0)
    failing = exchange(status=500, got={HOSTILE.replace("\ud800", ""): 1})
    logged = Finding("status 200", "500", exchanges=(failing,), culprit=0, inputs=(HOSTILE,) * 20,
                     error=f"app.py:1: {HOSTILE}", difference=HOSTILE)  # fmt: skip
    figures = (
        timeline(title=HOSTILE, actors=((HOSTILE, HOSTILE),) * 3, beats=beats),
        growth(title=HOSTILE, size_of=HOSTILE, unit=HOSTILE, lines=((HOSTILE, (0.0, 1.5, 7e9)),)),
    )
    results = [
        failed(check("first"), bad, replace(bad, culprit=1), replace(bad, culprit=2)),
        failed(check("refused"), told),
        failed(check("logged"), logged, replace(logged, inputs=())),
        failed(check("second"), replace(bad, exchanges=(), culprit=None, figures=figures)),
        CheckResult(check("third"), Verdict.BLOCKED, reason=HOSTILE, notes=(HOSTILE,)),
        CheckResult(check("fourth"), Verdict.ERROR, reason=HOSTILE),
    ]
    problem = Problem(HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, HOSTILE * 100)
    return report(results, problem=problem, notes=(HOSTILE,), stack=HOSTILE)


def scored() -> Report:
    """Return a report of a kind of work that has a score and no stages."""
    return replace(accepted(), kind="words", stages={}, score=Score("words found", 7, 10))


def compared() -> Report:
    """Return a report that compares what three versions of a server cost."""
    rows = (
        ComparedRow("my orders", "rows that the database reads", (34_175.0, 250.0, 6.0)),
        ComparedRow("all orders", "ms of CPU", (21.9, 0.0, 0.94)),
        ComparedRow("one order", "statements", (21.0, 2.0, 1.0)),
    )
    comparison = Comparison("What one request costs", ("slow", "yours", "good"), rows)
    return replace(rejected(), kind="speed-up", comparison=comparison)


def every_kind() -> dict[str, Report]:
    """Return a report of every kind, by name."""
    makers = (
        accepted,
        rejected,
        remarked,
        many,
        drawn,
        build_failed,
        start_failed,
        undecided,
        hostile,
        scored,
        compared,
        within_budget,
    )
    return {maker.__name__: maker() for maker in makers}


def _body(value: Any) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else orjson.dumps(value)
