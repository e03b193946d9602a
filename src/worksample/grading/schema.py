"""The JSON of a report: the tables of docs/report.md as types, with their fields in that order.

`Comparison`, `LeftOut`, `Problem`, `Score`, `Selection` and `TimelineStep` (a beat) are the
model's own. Unknown keys are ignored on reading. A field that was added to format 1 later has a
default, so that older reports can be read.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from worksample.checks import Aspect, TimelineStep, Verdict
from worksample.grading.report import Comparison, LeftOut, Problem, RunVerdict, Score
from worksample.grading.selection import Selection
from worksample.probes.exchange import Trouble


class EncodedBody(Struct, omit_defaults=True):
    """A body that is not UTF-8 (`base64`), or long and repetitive (the others).

    `gzip` holds the whole body of `size` bytes, compressed; `start` is how it begins, for people.
    """

    base64: bytes = b""
    start: str = ""
    size: int = 0
    gzip: bytes = b""


Body = str | EncodedBody
Headers = tuple[tuple[str, str], ...]


class Request(Struct):
    """The bytes of target and headers are latin-1 text."""

    method: str
    target: str
    headers: Headers
    body: Body


class Response(Struct):
    """`headers` are pairs of name and value; `omitted` bytes after `body` were not kept."""

    status: int
    headers: Headers
    body: Body
    omitted: int = 0


class Exchange(Struct):
    """Has either a response or a trouble."""

    label: str
    started: float
    seconds: float
    notes: tuple[str, ...]
    request: Request
    response: Response | None
    trouble: Trouble | None
    detail: str


class Actor(Struct):
    """An actor of a timeline."""

    name: str
    asks: str


class Timeline(Struct, tag_field="kind", tag="timeline"):
    """The steps of several actors in the order in which they happened."""

    title: str
    actors: tuple[Actor, ...]
    beats: tuple[TimelineStep, ...]


class Line(Struct):
    """A curve of a growth, with one value for each size."""

    name: str
    values: tuple[float, ...]


class Growth(Struct, tag_field="kind", tag="growth"):
    """Measurements at several sizes."""

    title: str
    size_of: str
    unit: str
    sizes: tuple[float, ...]
    lines: tuple[Line, ...]


Figure = Timeline | Growth


class Template(Struct):
    """What a text was made from: each `{name}` in `template` stands for a value."""

    template: str
    values: dict[str, str | Template]


class PackedParts(Struct):
    """What `Packed.gzip` contains, as JSON."""

    log: str
    exchanges: tuple[Exchange, ...]


class Packed(Struct):
    """Log and exchanges of a finding, `size` bytes of JSON, compressed."""

    size: int
    gzip: bytes


class Finding(Struct, kw_only=True):
    """Why a check failed. `figures` holds `Figure`s, and on reading unknown kinds as plain data.

    If it is packed, `log` and `exchanges` are empty.
    """

    expected: str
    actual: str
    because: str
    details: tuple[str, ...]
    hint: str
    cause: str
    clause: str = ""
    log: str
    error: str = ""
    difference: str = ""
    inputs: tuple[str, ...] = ()
    step: bool = False
    observed: bool = False
    culprit: int | None
    figures: tuple[Any, ...] = ()
    exchanges: tuple[Exchange, ...]
    omitted_exchanges: int = 0
    packed: Packed | None = None
    templates: dict[str, Template] = {}


class Check(Struct, kw_only=True):
    """A check together with its result."""

    id: str
    title: str
    stage: int
    clause: str
    why: str
    cites: str
    hint: str
    since: str
    aspect: Aspect
    skills: tuple[str, ...]
    lab: bool = False
    operations: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    verdict: Verdict
    blocked_by: str
    reason: str
    excused: bool
    seconds: float
    requests: int
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...] = ()


class Profile(Struct):
    """By what the server was judged; empty texts in reports of earlier versions."""

    id: str = ""
    title: str = ""


class CauseFinding(Struct):
    """A finding: the id of its check, and its index among the findings of that check."""

    check: str
    finding: int


class Cause(Struct, kw_only=True):
    """Findings with one cause, the one to read first in front, and the checks that they block."""

    title: str
    stage: int
    harm: str
    operations: tuple[str, ...]
    findings: tuple[CauseFinding, ...]
    blocked: tuple[str, ...]


class Challenge(Struct):
    """`stages` maps the number of a stage to its title."""

    id: str
    title: str
    version: str
    stages: dict[int, str]


class Digests(Struct):
    """What was judged, by what, and the task that came with the workspace (empty if none did)."""

    challenge: str = ""
    task: str = ""
    submission: str = ""


class Report(Struct, kw_only=True):
    """All verdicts of one run."""

    format: Literal[1]
    run: str
    kind: str
    verdict: RunVerdict
    challenge: Challenge
    stack: str
    digest: str
    handed_in: bool = False
    digests: Digests = msgspec.field(default_factory=Digests)
    seed: int
    shuffle: int | None = None
    selection: str
    selected: Selection | None = None
    profile: Profile = msgspec.field(default_factory=Profile)
    spec: str = ""
    started: str
    seconds: float
    timings: dict[str, float]
    requests: int
    versions: dict[str, str]
    services: dict[str, str] = {}
    isolation: str = ""
    base_url: str
    prefix: str
    notes: tuple[str, ...]
    problem: Problem | None
    score: Score | None = None
    comparison: Comparison | None = None
    clauses: dict[str, str]
    causes: tuple[Cause, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    checks: tuple[Check, ...]
