"""Classes of defects: their ids, and the words that name them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from worksample.catalogue import defect_classes as defect_classes_module
from worksample.catalogue.defect_classes import (
    classes_mentioned,
    classes_named,
    classes_of,
    normalized,
    pattern_of,
)

VAGUE = (
    "this is wrong",
    "This is a bug, please fix.",
    "looks bad to me",
    "does not work",
    "There is a problem in this function",
    "Das ist falsch.",
    "Hier ist ein Fehler",
    "Das hier funktioniert so nicht, bitte ändern",
    "Esto no funciona, hay que cambiarlo",
    "está mal",
    "Ceci ne marche pas, à corriger",
    "c'est faux",
    "Isto não funciona, precisa mudar",
    "isso está errado",
)
PLAIN = {
    "access": (
        "Nobody asks whose article it is.",
        "Fremde können das löschen, der Besitzer wird nicht verglichen.",
        "Cualquier usuario puede borrarlo.",
        "N'importe qui peut le supprimer.",
        "Qualquer pessoa pode apagar.",
    ),
    "injection": (
        "The name is pasted into the statement.",
        "Die Abfrage wird per String verkettet.",
        "La consulta se concatena.",
        "La requête est concaténée.",
        "A consulta é concatenada.",
    ),
    "concurrency": (
        "Two requests at once both pass.",
        "Die Zeilensperre fehlt.",
        "Dos peticiones a la vez.",
        "Il manque un verrou.",
        "Duas requisições ao mesmo tempo.",
    ),
    "efficiency": (
        "N+1 queries",
        "Das macht eine Abfrage pro Eintrag.",
        "Una consulta por cada fila.",
        "Une requête par ligne.",
        "Uma consulta por linha, lento.",
    ),
    "secrets": (
        "The password is stored as plain text.",
        "Passwörter im Klartext",
        "La contraseña no se cifra.",
        "Le mot de passe est en clair.",
        "A senha fica em texto puro.",
    ),
}


@pytest.mark.parametrize("text", VAGUE)
def test_vague_comment_mentions_no_class(text: str) -> None:
    assert not classes_mentioned(text)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in PLAIN.items() for text in texts]
)
def test_plain_words_mention_the_class_in_every_language(name: str, text: str) -> None:
    assert name in classes_mentioned(text)


def test_every_class_has_ids_and_words_in_five_languages() -> None:
    table = tomllib.loads(Path(defect_classes_module.__file__).with_suffix(".toml").read_text())
    for name, each in table.items():
        assert each["ids"] and each["names"] and each["title"], name
        assert {"en", "de", "es", "fr", "pt"} == each["words"].keys(), name
        assert all(each["words"].values()), name


def test_ids_of_a_header_belong_to_classes() -> None:
    assert "access" in classes_of("CWE-639, OWASP API1:2023")
    assert "concurrency" in classes_of("CWE-362, lost update")
    assert not classes_of("CWE-0")


def test_names_are_told_from_other_words() -> None:
    assert classes_named("a race condition") == {"concurrency"}
    assert not classes_named("the second request takes the lock twice, and gets a 500 for a 409")
    soup = "Race condition, SQL injection, missing authorization."
    assert classes_named(soup) == {"concurrency", "injection", "access"}


def test_entries_match_beginnings_whole_words_or_the_middle() -> None:
    for entry, text, matches in (
        ("lock", "it is locked", True),
        ("lock", "it is blocked", False),
        ("=cap", "no cap", True),
        ("=cap", "captured", False),
        ("*sperr", "die Zeilensperre", True),
        ("n+1", "N+1", True),
        ("at once", "at  once", True),
        ("autorizacion", "Falta autorización.", True),
    ):
        assert bool(pattern_of([entry]).search(normalized(text))) is matches, entry
    assert not pattern_of([]).search(" anything ")
