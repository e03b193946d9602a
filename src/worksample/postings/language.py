"""Tell in which language an ad is written."""

from __future__ import annotations

import re
from collections import Counter

from worksample.postings.tokens import Tokens

_COMMON: dict[str, str] = {
    "en": "the and of to with in for you we our are will is on your as be have that this an from or at",
    "de": "und der die das mit wir du sie fur von in den ist im ein eine zu sind dich dir oder bei auf deine unser erfahrung kenntnisse entwicklung aufgaben",
    "fr": "et de la le les des vous nous en un une pour dans est sur avec au aux du votre notre ou tu connaissance connaissances maitrise developpement missions profil",
    "es": "y de la el los las en que con para un una por tu se del nuestro como al somos es su conocimientos conocimiento desarrollo experiencia requisitos funciones",
    "pt": "e de a o os as em que com para um uma por voce se do da no na nosso como ao nao mais dos das conhecimento conhecimentos desenvolvimento experiencia requisitos voce",
    "it": "e di il la i le che con per un una in del della si dei nel alla gli al sono ti da delle esperienza conoscenza requisiti sviluppo",
    "pl": "i w z na do oraz sie jest dla nie ze o od praca pracy lub jak przez twoje naszym znajomosc doswiadczenia doswiadczenie wymagania mile zadania oferujemy",
    "nl": "en de het een van in met voor je wij ons bij op te zijn als naar werken jij wat",
    "sv": "och att i som for med pa av vi du en ett ar till den har inom din oss",
    "ro": "si de in cu la pe o sa un pentru din este care sau ca noi",
    "cs": "a v na se s do pro ze jsme nebo jako prace nas",
    "tr": "ve bir icin ile bu olarak da de olan",
    "vi": "va cac cho la cua co trong voi duoc nhung",
}
_WORDS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_SCRIPTS = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)


def language_of(tokens: Tokens) -> str:
    """The language's ISO 639-1 code; "en" when the text is too short to tell."""
    for code, script in reversed(_SCRIPTS):
        if len(script.findall(tokens.text)) * 8 > len(tokens.text.strip()) + 1:
            return code
    counts = Counter(tokens.key)
    scores = {code: sum(counts[w] for w in words) for code, words in _WORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= 3 and scores[best] > scores["en"] else "en"
