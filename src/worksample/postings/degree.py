"""Find the degree that an ad asks: its level, and how firmly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worksample.postings.layout import Layout
from worksample.postings.levels import SILENT
from worksample.postings.model import Degree, DegreeLevel, Strength
from worksample.postings.tokens import fold

_MASTER = re.compile(
    r"\bmaster'?s?'?’?s? (?:degree|in\b|of science|or\b)|\bmasters?\b(?= (?:degree|in|of))|\bmaster’s|\bmaster's|\bm\.?sc\b|(?<![\w/])m\.?s\.?(?= (?:degree|in|or)\b)|\bms/|/ms\b"
    r"|\bbac ?\+ ?5|\bbac\+5|diplome d'ingenieur|ecole d'ingenieur|formation d'ingenieur|grande ecole|ingenieur diplome|\bmaster 2\b"
    r"|\bmagister\w*|laurea magistrale|laurea specialistica|\bmestrado|\bmaestria|masterstudium|masterabschluss|\bmaster (?:en|in|w|em)\b"
)
_BACHELOR = re.compile(
    r"\bbachelor\w*|\bb\.?sc\b|(?<![\w.])b\.?[sae]\.?(?:/b\.?[as]\.?)?(?= (?:degree|in|or|/|\w* ?degree)\b)|\bbs/|\bb\.?s\.? ?/ ?m\.?s|\bb\.?tech\b|\bb\.e\b"
    r"|\bundergraduate degree|\bcollege degree|\buniversity degree|\bdegree in\b|\bacademic degree|\b4[- ]year degree|\bfour[- ]year degree"
    r"|\b(?:cs|computer science|engineering|technical|stem|it|related|relevant|science|tertiary|university[- ]level|higher)(?:-related)? degree\b|\bdegree(?= (?:or|preferred|required|is|qualified))|\bdegree (?:from|level)|\bgraduate (?:in|of|degree)\b|\buniversity education|\bhigher education"
    r"|\babgeschlossenes? (?:\w+ ){0,3}\w*studium|\b(?:hochschul|informatik|fachhochschul|universitats|technisches|bachelor)\w*studium|\bstudium (?:der|im|in|mit)|\bstudienabschluss|\bhochschulabschluss|\bhochschulausbildung|\bstudium\b|\bstudienga\w+"
    r"|\blicence\b(?= (?:en|informatique|pro))|\bbac ?\+ ?[234]|diplome (?:en|universitaire|de niveau)|formation superieure|formation bac|diplome superieur|formation en informatique|formation universitaire|\bdiplome\b"
    r"|\blicenciatura|\blicenciad[oa]|\bgrado en|titulacion|titulo universitario|\bgraduad[oa] en|ingenieria (?:en|informatica|de sistemas)|estudios universitarios|formacion universitaria|grado universitario|ingenier[oa] (?:en|de|informatic)|egresad[oa]|bachiller|profesional (?:en|de) "
    r"|ensino superior|superior completo|\bgraduacao|\bgraduad[oa] em|formacao superior|curso superior|bacharel\w*|nivel superior|formacao (?:academica|universitaria|em)|formad[oa] em|superior (?:em|cursando|incompleto)"
    r"|\blaurea\b|laureat[oi]|titolo di studio universitario|diploma di laurea"
    r"|wyksztalcenie (?:wyzsze|techniczne|kierunkowe|informatyczne)|wyzsze wyksztalcenie|studia (?:wyzsze|techniczne|informatyczne|na kierunku|magisterskie|inzynierskie)|\bstudi\w+ (?:wyzsz|inform|techn|kierunk)\w*|dyplom\w* (?:uczelni|inzyniera)|\binzynier\w* (?:informatyk)"
)
_OTHER = re.compile(
    r"\bph\.?d\b|\bdoctora\w+|\bassociate'?’?s? degree|\b(?:it-|fach|berufs)?ausbildung (?:als|zum|zur|im|in)|\babgeschlossene (?:\w+ ){0,3}\w*ausbildung|fachinformatiker|berufsausbildung|vergleichbare ausbildung"
    r"|\bbts\b|\bdut\b|\bdiploma (?:in|di maturita|tecnico)|diploma di perito|\bperito informatico|formacion profesional|ciclo formativo|tecnico superior|\bhigh school|\bged\b|curso tecnico|ensino medio|ensino tecnico|\btecnologo\b|bootcamp"
)
_EQUIVALENT = re.compile(
    r"\bor (?:an? )?(?:\w+[- ]){0,3}?(?:equivalent|equal|comparable|similar)|equivalent (?:work |practical |professional |industry |job |combination |years |real)?(?:\w+ )?experience|equivalent\b|in lieu of|or (?:\w+ ){0,3}(?:practical |work |relevant |professional )?experience\b|or self[- ]taught|or commensurate"
    r"|oder (?:\w+ ){0,3}(?:vergleichbar|gleichwertig|ahnlich|ausbildung|berufserfahrung|erfahrung|quereinstieg|eine)\w*|\bvergleichbar\w*|\bgleichwertig\w*|quereinsteiger|quereinstieg"
    r"|\bou (?:\w+ ){0,2}equivalent\w*|\bou (?:une )?experience equivalente|\bequivalent\w*|\bautodidacte"
    r"|\bo (?:\w+ ){0,2}(?:equivalente|experiencia)|\bequivalente|experiencia equivalente"
    r"|\bou (?:\w+ ){0,2}(?:equivalente|experiencia)|\bo (?:\w+ ){0,2}(?:esperienza|titolo) equivalente|cultura equivalente|o equipollente|\blub (?:\w+ ){0,3}(?:rownowazn|doswiadcz|pokrewn)\w*"
)
_IN_PROGRESS = re.compile(
    r"currently (?:pursuing|enrolled|studying|completing)|\bpursuing (?:a|an|your|or)|enrolled in|working towards?|final[- ]year|last year of|student\w* (?:of|in|enrolled)|\bstudying|recent graduate|immatrikuliert|laufendes studium|\bstudent(?:in|en)? der|en cours d|etudiant\w*|en formation|cursando|estudiante|estudando|em curso|em andamento|\bincompleto|laureand\w*|iscritt[oi]|studenci|student\w* (?:ostatni|kierunk|inform)\w*|w trakcie studiow|studiujesz"
)
_HEDGE = re.compile(
    r"prefer|a plus\b|nice to have|desir|advantage|ideally|bonus|optional|not required|not necessary|not mandatory|not essential|no degree|helpful|beneficial|would be|is welcome|an asset|wunschenswert|von vorteil|idealerweise|kein muss|gern|un plus|souhait|apprecie|idealement|un atout|deseable|valorable|se valora|no excluyente|preferible|idealmente|desejavel|diferencial|sera um|gradit|preferenzial|preferibilmente|titolo preferenziale|mile widzian|atutem|plusem"
)
_NO_DEGREE = re.compile(r"no (?:\w+ )?degree|degree (?:is )?not (?:required|necessary|needed)|don'?t (?:need|require) a|doesn'?t matter|regardless of|we do not care|kein studium|sans diplome|with or without|no matter")
_ASIDE = re.compile(r"\((?:preferably |ideally )?(?:a )?(?:m\.?sc\.?|master\W?s?|ph\.?d\.?|ms|m\.s\.)[^)]{0,40}\)|[;,] (?:a )?(?:m\.?sc\.?|master\W?s?|ph\.?d\.?|ms)(?: degree)? (?:is )?(?:a plus|preferred|would be|desir)")
"""A wish for a higher degree makes the lower one no wish."""
_NOT_A_DEGREE = re.compile(r"degree of|to a (?:high|large|great) degree|360[- ]degree|high degree|some degree|scrum master|master (?:data|branch)|years? of study|bachelor party|licen[sc]e")


def degree_in(text: str, layout: Layout) -> Degree | None:
    """The degree that the ad asks, or None. The lowest level that is enough counts."""
    folded = fold(text)
    found = [d for clause in _clauses(folded) if (d := _in_clause(folded, *clause, layout))]
    firm = [d for d in found if d.strength != "preferred"]
    return min(firm or found, key=_order, default=None)


def _order(degree: Degree) -> tuple[int, int]:
    return ("bachelor", "master", "other").index(degree.level), degree.start


def _clauses(folded: str) -> Iterator[tuple[int, int]]:
    """Lines, and sentences within them; a point inside an abbreviation parts nothing."""
    begin = 0
    for match in re.finditer(r"\n|[!?;•]|\s-(?=[a-z])|(?<![.\s][a-z])(?<!\b[a-z])\.(?=\s)", folded):
        yield begin, match.end()
        begin = match.end()
    yield begin, len(folded)


def _in_clause(folded: str, begin: int, end: int, layout: Layout) -> Degree | None:
    clause = folded[begin:end]
    if not _TRIGGER.search(clause):
        return None
    spans = [(level, m) for level, pattern in _PATTERNS for m in pattern.finditer(clause)]
    spans = [(lv, m) for lv, m in spans if not _NOT_A_DEGREE.search(clause[max(0, m.start() - 12) : m.end() + 6])]
    if not spans:
        return None
    level, match = min(spans, key=lambda pair: (_RANK[pair[0]], pair[1].start()))
    section = layout.section(begin + match.start())
    if section in (*SILENT, "company"):
        return None
    strength = _strength(_ASIDE.sub(lambda m: " " * len(m[0]), clause), match, section)
    return strength and Degree(level, strength, begin + match.start(), begin + match.end())


_TRIGGER = re.compile(
    r"degree|bachelor|master|b\.?sc|m\.?sc|\bb\.?[aes]\b|\bm\.?s\b|b\.?tech|b\.e|ph\.?d|doctora|bac ?\+|stud|ausbildung|informatiker|diplom|"
    r"ingeni|ecole|licen|titul|grad|universit|egres|bachiller|profesional|superior|bachar|formad|formac|formation|laurea|wyksztalcenie|dyplom|inzynier|"
    r"magist|mestrado|maestria|perito|tecnic|education|school|\bged\b|bootcamp|bts|dut\b|ciclo|medio|tecnologo|\bcs\b|nivel"
)
"""What any of the patterns below needs: most clauses hold none of it, and are skipped."""

_PATTERNS: tuple[tuple[DegreeLevel, re.Pattern[str]], ...] = (
    ("bachelor", _BACHELOR),
    ("master", _MASTER),
    ("other", _OTHER),
)
_RANK: dict[DegreeLevel, int] = {"bachelor": 0, "master": 1, "other": 2}


def _strength(clause: str, match: re.Match[str], section: str) -> Strength | None:
    if _NO_DEGREE.search(clause):
        return None
    around = clause[max(0, match.start() - 80) : match.end() + 140]
    if section == "optional" or _HEDGE.search(around):
        return "preferred"
    if _EQUIVALENT.search(clause[match.start() :]) or _EQUIVALENT.search(clause[: match.start()][-60:]):
        return "or-equivalent"
    return "in-progress" if _IN_PROGRESS.search(clause) else "required"
