"""Reports as JSON and back, as stored in `.worksample/runs/<run>/report.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from packaging.version import InvalidVersion, Version

import worksample
from worksample.errors import BrokenReport
from worksample.grading import conversion, schema
from worksample.grading.json_text import to_json
from worksample.grading.packing import packed_places
from worksample.grading.report import FORMAT, Report
from worksample.messages import message

#: The largest report, in bytes.
LIMIT = 2_000_000
_OTHER_VERSION_HINT = "Use the version of Worksample that wrote it, or make a new report."


class _Head(msgspec.Struct):
    format: Any = None
    versions: Any = None


def encode(report: Report) -> bytes:
    """Return `report` as JSON: one line for each field, and one for each check.

    Where that takes more than `LIMIT` bytes, findings are packed; `size_limit.bounded` makes sure
    that this is enough.
    """
    written = _document(conversion.to_schema(report))
    if len(written) <= LIMIT:
        return written
    packed = packed_places(report.results, LIMIT - size_without_findings(report))
    return _document(conversion.to_schema(report, packed))


def size_without_findings(report: Report) -> int:
    """Return how many bytes the JSON of `report` has beside its findings."""
    data = conversion.to_schema(report)
    findings = (finding for check in data.checks for finding in check.findings)
    return len(_document(data)) - sum(len(to_json(finding)) for finding in findings)


def _document(data: schema.Report) -> bytes:
    *fields, _ = data.__struct_fields__
    lines = [b'"%s": %s' % (name.encode(), to_json(getattr(data, name))) for name in fields]
    checks = b",\n".join(map(to_json, data.checks))
    return b'{\n%s,\n"checks": [\n%s\n]\n}' % (b",\n".join(lines), checks)


def decode(data: bytes) -> Report:
    """Return the report that `encode` turned into `data`.

    Raises msgspec.ValidationError for JSON that is not a report of this format; for what is not
    JSON, msgspec.DecodeError or UnicodeDecodeError.
    """
    return conversion.from_schema(msgspec.json.decode(data, type=schema.Report))


def read(path: Path) -> Report:
    """Read a saved report; raise `BrokenReport` if the file is not a report of this format."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BrokenReport(
            message("The report {path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None
    try:
        return _decode(path, data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BrokenReport(message("The report {path} is incomplete.", path=path)) from None


def _decode(path: Path, data: bytes) -> Report:
    try:
        return decode(data)
    except msgspec.ValidationError as error:
        head, reason = _head_of(data), error
    if head.format == FORMAT and not _is_later(head):
        raise BrokenReport(
            message("The report {path} is broken: {reason}.", path=path, reason=reason)
        )
    raise BrokenReport(_other_version(path, head), hint=_OTHER_VERSION_HINT)


def _other_version(path: Path, head: _Head) -> str:
    if head.format == FORMAT:
        return message(
            "The report {path} was written by Worksample {found}; this is {known}.",
            path=path,
            found=_writer(head),
            known=worksample.__version__,
        )
    return message(
        "The report {path} has format {found}; this version of Worksample reads {known}.",
        path=path,
        found=head.format,
        known=FORMAT,
    )


def _head_of(data: bytes) -> _Head:
    """Return the format and the versions that the JSON `data` states, None for what it does not."""
    try:
        return msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        return _Head()


def _is_later(head: _Head) -> bool:
    """Return whether a later version of Worksample wrote the report."""
    try:
        return Version(_writer(head)) > Version(worksample.__version__)
    except InvalidVersion:
        return False


def _writer(head: _Head) -> str:
    versions = head.versions if isinstance(head.versions, dict) else {}
    return str(versions.get("worksample", ""))
