"""Detect the language of an ad by its script and its stop words."""

from __future__ import annotations

import re
from collections import Counter

from worksample.postings import lexicon
from worksample.postings.tokens import Tokens

_SCRIPTS = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)


def detect_language(tokens: Tokens) -> str:
    """Return the ISO 639-1 code of the language; "en" if the text is too short to tell."""
    for code, script in reversed(_SCRIPTS):
        if len(script.findall(tokens.text)) * 8 > len(tokens.text.strip()) + 1:
            return code
    counts = Counter(tokens.key)
    words = lexicon.languages().items()
    scores = {code: sum(counts[word] for word in common) for code, common in words}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= 3 and scores[best] > scores["en"] else "en"
