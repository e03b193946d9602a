"""Find the years of experience that an ad asks at least.

The highest minimum that is required counts; a preferred number does not, nor does the age of a
company, a notice period or a number of days a week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from worksample.postings.layout import TITLE, Layout
from worksample.postings.levels import SILENT
from worksample.postings.model import Years
from worksample.postings.sentences import TURN
from worksample.postings.tokens import fold

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "ein": 1, "eins": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4,
    "funf": 5, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dos": 2,
    "tres": 3, "cuatro": 4, "cinco": 5, "dois": 2, "quatro": 4, "due": 2, "tre": 3, "quattro": 4,
    "cinque": 5, "dwa": 2, "trzy": 3, "rok": 1, "roku": 1, "uno": 1, "um": 1, "ano": 1,
}  # fmt: skip
_NUMBER = r"(?P<n>\d{1,2}(?:[.,]5)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_UNIT = r"(?:years?|yrs?|yoe|jahre?n?|ans?|annees?|anos?|anni|anno|lat|lata|latach|roku?|letnie|letniego)"
_YEARS = re.compile(
    rf"(?<![\w.,/$€£-]){_NUMBER}\s*(?:\(\d+\)\s*)?(?P<plus>\+|plus|or more|o mas|ou mais)?\s*"
    rf"(?:(?:-|–|—|to|bis|a|do|or|/|ou|und|and|y|o|e)\s*(?P<to>\d{{1,2}})\s*\+?\s*)?"
    rf"(?:\(?s?\)?\s*|-\s*|full\s+|solid\s+|or more\s+|oder mehr\s+|ou plus\s+)?(?P<unit>{_UNIT})\b\+?"
)
_NO_UNIT = re.compile(
    r"(?<![\w.,/$€£-])(?P<n>\d{1,2})\s?\+\s+(?:of\s+)?(?:professional\s+|hands-on\s+|relevant\s+|work\s+)?"
    r"(?:experience|doswiadczeni\w+|erfahrung|d'experience|de experi[ee]ncia|esperienza)"
)
_MONTHS = re.compile(r"(?<![\w.,-])(?P<n>\d{1,2})\s*\+?\s*(?:months?|monate?n?|mois|meses|mesi|miesiecy)\b")
_EXPERIENCE = re.compile(
    r"experienc|erfahrung|berufs|doswiadczen|esperienz|experienci|working|develop|entwickl|programm|"
    r"professional|hands.on|background|expertise|industry|engineer|commercial|in a (?:similar|related)|"
    r"practi[cs]|desarroll|desenvolv|svilupp|track record|praca|pracy|practic|vivencia|using|with\b"
)
_FIRM_AGE = re.compile(
    r"\b(?:founded|over the (?:past|last)|for (?:over |more than |nearly |almost |the (?:past|last) )?$|"
    r"in the (?:past|last)|during the|within|since|history|heritage|years old|anniversary|gegrundet|seit|"
    r"depuis|desde|fondee|fundada|fondata|nell|negli|od ponad|od \d|hace|last|past|more than (?=\d+ (?:years|ans) (?:of|in) business)|"
    r"every|per|each|next|over the next|warranty|contract|vertrag|vacation|sabbatical|valid|visa|tenure)\b"
)
_OWN = re.compile(r"\b(?:we have|we've|we ve|our company|our team|our|wir|unser\w*|nous avons|notre|nuestr\w+|contamos|nossa?|temos|tenemos|nostr\w+|abbiamo|nasz\w*|mamy|the company|leader|leading|customers|clients)\b")
_AFTER_AGE = re.compile(r"^\s*(?:old\b|of history|in business|in the market|on the market|of innovation|of success|of growth|ago|in a row|in the position|w branzy|am markt|auf dem markt|d existence|de historia|de mercado|sul mercato|na rynku|of age|in position|with us|later|from now|of excellence|of service|of operation|de presencia)")
_DEGREE_WORD = re.compile(r"\b(?:degree|bachelor\w*|master\w*|bs|ms|bsc|msc|phd|studium|diploma|laurea|licenciatura|bac)\b")
_OPTIONAL = frozenset(("optional", "optional_right", "not_needed"))


def years_in(text: str, layout: Layout, hedges: list[tuple[int, int]]) -> Years | None:
    """The required years, or None; `hedges` holds the spans that a "plus" or "ideally" reaches."""
    folded = fold(text)
    best: Years | None = None
    for found in _candidates(folded):
        section = layout.section(found.start)
        if section in SILENT or section in ("optional", "company"):
            continue
        if any(a <= found.start < b for a, b in hedges) or not _asks(folded, found, section):
            continue
        if best is None or found.minimum > best.minimum:
            best = found
    return best


def _candidates(folded: str) -> Iterator[Years]:
    for pattern, divisor in ((_YEARS, 1), (_NO_UNIT, 1), (_MONTHS, 12)):
        for match in pattern.finditer(folded):
            number = _value(match["n"]) / divisor
            if 0 < number <= 25:
                yield Years(round(number, 2), match.start(), match.end())


def _value(word: str) -> float:
    return _NUMBERS[word] if word in _NUMBERS else float(word.replace(",", "."))


def _asks(folded: str, found: Years, section: str) -> bool:
    begin, end = _clause(folded, found)
    before, after = folded[begin : found.start], folded[found.end : end]
    if _FIRM_AGE.search(before[-40:]) or _AFTER_AGE.match(after) or _instead_of_degree(before):
        return False
    if section == TITLE:
        return True
    if _OWN.search(before) and "your" not in before and "you " not in before:
        return False
    if section in ("required", "tasks"):
        return not re.match(r"\s*(?:contract|vertrag|of age)", after)
    return bool(_EXPERIENCE.search(before + " " + after)) and not _OWN.search(before)


def _clause(folded: str, found: Years) -> tuple[int, int]:
    begin = max(folded.rfind(mark, 0, found.start) for mark in (". ", "\n", "; ", "! ", "? ", "•"))
    ends = [at for mark in (". ", "\n", "; ", "•") if (at := folded.find(mark, found.end)) >= 0]
    return max(begin, -1) + 1, min(ends, default=len(folded))


def _instead_of_degree(before: str) -> bool:
    """Whether the number stands for those without the degree ("... degree or 4 years")."""
    degree = _DEGREE_WORD.search(before)
    last = re.search(r"\b(?:or|oder|ou|o|oppure|lub|in lieu of)\b([^.,]{0,40})$", before)
    if degree is None or last is None or TURN.search(before):
        return False
    return not re.search(r"\b(?:and|with|plus|und|mit|et|avec|y|con|e|com|i|field|discipline)\b", last[1])
