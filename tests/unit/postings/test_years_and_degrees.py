"""Years of experience and degrees, with one sentence per case."""

from __future__ import annotations

import pytest

from worksample.postings.model import Source
from worksample.postings.parser import parse_posting

YEARS = {
    "3+ years of experience with Java": 3,
    "At least five years of professional experience": 5,
    "Minimum of two (2) years experience": 2,
    "5-7 years of relevant work": 5,
    "2 to 4 yrs in backend development": 2,
    "10+ years in software engineering, with 5+ years in Java": 10,
    "18 months of experience with Go": 1.5,
    "Mindestens drei Jahre Berufserfahrung": 3,
    "Au moins 3 ans d'expérience": 3,
    "Mínimo 3 años de experiencia": 3,
    "Experiência mínima de 4 anos": 4,
    "Esperienza di almeno 2 anni": 2,
    "Min. 3-letnie doświadczenie": 3,
    "2+ doświadczenia komercyjnego": 2,
    "Up to 3 days a week in the office": None,
    "Up to 2 years of experience": None,
    "Ideally 5 years of experience": None,
    "5 years of experience would be a plus": None,
    "We have 20 years of experience in shipping": None,
    "A degree or 4 years of experience": None,
    "Join a firm that has grown for over 30 years": None,
    "You are at least 18 years old": None,
    "Our product has been on the market since 12 years": None,
    "One year in the position before you can move": None,
    "One to two years of experience": 1,
    "A year or two in a similar role": 1,
    "Zwei bis vier Jahre Erfahrung": 2,
    "Eine mindestens dreijährige Berufserfahrung": 3,
    "Expérience : 3 ans mini": 3,
    "Mínimo dos años con Python": 2,
    "I worked on ferries after six years at a bank": None,
    "Our average colleague stays for seven years": None,
    "Ganas de aprender1 año de experiencia con Python": 1,
    "Bachelor's degree preferred, with 5+ years of commercial experience": 5,
}

DEGREES = {
    "Bachelor's degree in Computer Science": ("bachelor", "required"),
    "BS/MS in Computer Science or equivalent experience": ("bachelor", "or-equivalent"),
    "B.Sc. or M.Sc. in a technical field": ("bachelor", "required"),
    "BSc in Computer Science (MSc preferred)": ("bachelor", "required"),
    "Degree in Computer Science or similar field": ("bachelor", "required"),
    "Degree in Computer Science or a related discipline": ("bachelor", "required"),
    "Master's degree preferred": ("master", "preferred"),
    "A PhD in distributed systems": ("other", "required"),
    "Currently pursuing a Bachelor's degree": ("bachelor", "in-progress"),
    "Abgeschlossenes Studium der Informatik oder vergleichbare Ausbildung": (
        "bachelor",
        "or-equivalent",
    ),
    "Ausbildung als Fachinformatiker": ("other", "required"),
    "Diplômé d'une école d'ingénieur (Bac+5)": ("master", "required"),
    "Grado en Informática o experiencia equivalente": ("bachelor", "or-equivalent"),
    "Cursando ensino superior em Computação": ("bachelor", "in-progress"),
    "Laurea magistrale in Informatica": ("master", "required"),
    "Wykształcenie wyższe techniczne": ("bachelor", "required"),
    "BS in Computing or related field, or four additional years of experience": (
        "bachelor",
        "or-equivalent",
    ),
    "A degree in computing, or years of relevant work in its place": ("bachelor", "or-equivalent"),
    "A master's degree in physics. Equivalent experience is as good": ("master", "or-equivalent"),
    "Hochschulstudium der Informatik oder einer verwandten Fachrichtung": ("bachelor", "required"),
    "Muchas empresas prefieren una ingeniería informática": ("bachelor", "preferred"),
    "No degree required": None,
    "We do not look at your degree in computing": None,
    "Kein abgeschlossenes Studium nötig": None,
    "Un diplôme n'est pas exigé": None,
    "No pedimos título universitario": None,
    "Não é preciso ter curso superior": None,
    "Le diplôme nous importe peu": None,
    "A degree in computing, and ideally some Kafka": ("bachelor", "required"),
    "Ein Studium der Informatik, wünschenswert sind Kenntnisse in Kafka": ("bachelor", "required"),
    "Studium der Informatik oder einer vergleichbaren Fachrichtung": ("bachelor", "required"),
    "Une licence ou d'un master en informatique": ("bachelor", "required"),
    "Du studierst Informatik": ("bachelor", "in-progress"),
    "Our founder has a master's degree in physics": None,
    "Ein Studienabschluss ist keine Voraussetzung": None,
    "Ein Studium ist von Vorteil, jedoch keine Bedingung": ("bachelor", "preferred"),
    "A university degree or a completed apprenticeship": ("bachelor", "or-equivalent"),
    "You studied computing or learned the trade at work": ("bachelor", "or-equivalent"),
    "Du hast Informatik studiert": ("bachelor", "required"),
    "Hochschulabschluss (Master) in Informatik": ("master", "required"),
    "A high degree of ownership": None,
    "You will be in the office on Mondays": None,
    "Certified scrum master": None,
    "You use the master branch": None,
}


def read(line: str):  # type: ignore[no-untyped-def]
    return parse_posting(Source("ad", f"Backend Engineer\n\nRequirements\n- {line}\n- Java\n"))


@pytest.mark.parametrize("line", YEARS)
def test_finds_minimum_years(line: str) -> None:
    found = read(line).years
    assert (found.minimum if found else None) == YEARS[line]


@pytest.mark.parametrize("line", DEGREES)
def test_finds_degree_and_strength(line: str) -> None:
    found = read(line).degree
    assert ((found.level, found.strength) if found else None) == DEGREES[line]
