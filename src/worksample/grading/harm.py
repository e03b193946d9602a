"""How much a failure harms, judged by the check's aspect and skills and by what was answered."""

from __future__ import annotations

import re
from enum import IntEnum

from worksample.checks import Aspect, Check, Finding
from worksample.checks.model import culprit_of
from worksample.probes.exchange import Exchange

#: Resilience checks with this skill prove that what was acknowledged is stored, and stored whole.
_KEEPS_DATA = "databases"
#: Checks with one of these skills prove who may do what.
_ACCESS = frozenset({"access-control", "oauth-jwt"})
#: The weaknesses by which someone reads or changes what is another's: no authorization (285, 306,
#: 639), forged tokens (321, 347, 798), injection (89), exposed data (200, 256), names taken over
#: (694), members set that nobody may set (915). Others harm less: slow hashes, limits, wording.
_TAKES_DATA = re.compile(r"CWE-(?:89|200|256|285|306|321|347|639|694|798|915)\b")
_STATUS = re.compile(r"\b[1-5](?:\d\d|xx)\b")
#: "A 201, B 500": one of two concurrent requests met a server error.
_ERROR_IN_RACE = re.compile(r"\b[A-Z] 5\d\d\b")


class Harm(IntEnum):
    """What a cause does, the worst first."""

    OTHERS_DATA = 0
    """Someone takes, changes or destroys another's data, or acknowledged data is lost."""
    EVERYBODY = 1
    """Ordinary use fails."""
    LIMITED = 2
    """Something else is wrong: a value, a limit, an unusual request."""
    FORM = 3
    """Only a status code, a field or a header differs from the contract."""


def harm_of(check: Check, finding: Finding) -> Harm:
    """Return what a finding of a failed check shows."""
    culprit = culprit_of(finding)
    if finding.step:
        return Harm.FORM if _is_other_status(finding, culprit) else Harm.EVERYBODY
    if _lets_in(check, finding, culprit):
        return Harm.OTHERS_DATA
    if _is_form(check, finding, culprit):
        return Harm.FORM
    refused = culprit is not None and (culprit.response is None or culprit.status >= 400)
    if not refused and _protects_data(check, finding):
        return Harm.OTHERS_DATA
    ordinary = check.aspect is Aspect.BEHAVIOUR
    return Harm.EVERYBODY if refused and ordinary else Harm.LIMITED


def harm_at_risk(check: Check) -> Harm:
    """Return the worst that a failure of `check` is likely to show."""
    match check.aspect:
        case Aspect.SECURITY:
            guards = bool(_TAKES_DATA.search(check.cites))
        case Aspect.RESILIENCE:
            guards = _KEEPS_DATA in check.skills
        case Aspect.BEHAVIOUR:
            guards = not _ACCESS.isdisjoint(check.skills)
        case _:
            guards = check.aspect is Aspect.CONCURRENCY
    if guards:
        return Harm.OTHERS_DATA
    if check.aspect is Aspect.BEHAVIOUR:
        return Harm.EVERYBODY
    return Harm.FORM if check.aspect is Aspect.CONTRACT else Harm.LIMITED


def _lets_in(check: Check, finding: Finding, culprit: Exchange | None) -> bool:
    """Return whether a request succeeded that only another, or someone signed in, may send."""
    succeeded = culprit is not None and 200 <= culprit.status < 300
    wanted = _STATUS.findall(finding.expected)
    refusal = bool(wanted) and all(code.startswith("4") for code in wanted)
    return succeeded and refusal and not _ACCESS.isdisjoint(check.skills)


def _protects_data(check: Check, finding: Finding) -> bool:
    """Return whether the check proves that data stays its owner's, or stays at all."""
    match check.aspect:
        case Aspect.SECURITY:
            return bool(_TAKES_DATA.search(check.cites))
        case Aspect.CONCURRENCY:
            return not _ERROR_IN_RACE.search(finding.actual)
        case Aspect.RESILIENCE:
            return _KEEPS_DATA in check.skills
        case _:
            return False


def _is_form(check: Check, finding: Finding, culprit: Exchange | None) -> bool:
    """Return whether the server did what was asked, and only told it in another form."""
    if culprit is None or culprit.response is None or culprit.status >= 500:
        return False
    return check.aspect is Aspect.CONTRACT or _is_other_status(finding, culprit)


def _is_other_status(finding: Finding, culprit: Exchange | None) -> bool:
    """Return whether a status was answered instead of another of its class."""
    if culprit is None or not finding.expected.startswith("status "):
        return False
    kinds = {code[0] for code in _STATUS.findall(finding.expected)}
    return kinds == {str(culprit.status)[0]}
