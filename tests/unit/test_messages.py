"""Sentences from templates, and the places that still make them with f-strings."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from tests.support import reports, sentences
from worksample.checks import expect
from worksample.checks.outcome import CheckFailed
from worksample.grading import codec
from worksample.messages import Message, join_and, join_or, message, plural, translated

#: A toy language; what it lacks stays English.
GERMAN = {
    "There is no folder {folder}.": "Den Ordner {folder} gibt es nicht.",
    "{what}: {expected}": "{what}: {expected}",
    "not {value}": "nicht {value}",
    "Try again.": "Versuchen Sie es noch einmal.",
}


def german(template: str) -> str:
    return GERMAN.get(template, template)


def test_puts_values_into_template() -> None:
    text = message("{n} of {all} {things}", n=1, all=2.5, things="{n} pears")
    assert text == "1 of 2.5 {n} pears"
    assert text.template == "{n} of {all} {things}"
    assert text.values == {"n": "1", "all": "2.5", "things": "{n} pears"}


def test_other_braces_stand_for_themselves() -> None:
    assert message('{"a": {}} {b.c} {x}', x=1) == '{"a": {}} {b.c} 1'


def test_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="folder"):
        message("There is no folder {folder}.")


@pytest.mark.parametrize(("count", "text"), [(0, "0 ads"), (1, "1 ad"), (2, "2 ads")])
def test_chooses_whole_template_for_one_or_more(count: int, text: str) -> None:
    made = plural(count, "{count} ad", "{count} ads")
    assert made == text
    assert made.template == ("{count} ad" if count == 1 else "{count} ads")


def test_joins_items_by_a_template() -> None:
    assert [join_or(range(n)) for n in range(4)] == ["nothing", "0", "0 or 1", "0, 1 or 2"]
    assert [join_and(range(n)) for n in range(1, 4)] == ["0", "0 and 1", "0, 1 and 2"]
    assert translated(join_or("ab"), {"{items} or {last}": "{items} oder {last}"}.__getitem__) == (
        "a oder b"
    )


def test_survives_copy_and_pickle() -> None:
    text = message("not {value}", value=message("{n}", n=1))
    for twin in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert twin == text
        assert twin.template == text.template


def test_translates_template_and_keeps_values() -> None:
    text = message("There is no folder {folder}.", folder="Try again.")
    assert translated(text, german) == "Den Ordner Try again. gibt es nicht."


def test_translates_messages_among_values_and_texts_without_values() -> None:
    text = message("{what}: {expected}", what="bio", expected=message("not {value}", value="null"))
    assert translated(text, german) == "bio: nicht null"
    assert translated("Try again.", german) == "Versuchen Sie es noch einmal."


def test_finding_of_saved_report_can_be_translated(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed) as failed:
        expect(None, "bio").differs_from(None)
    report = reports.report([reports.failed(reports.check("bio"), *failed.value.findings)])
    path = tmp_path / "report.json"
    path.write_bytes(codec.encode(report))
    expected = codec.read(path).results[0].findings[0].expected
    assert expected == "bio: not null"
    assert translated(expected, german) == "bio: nicht null"


def test_template_that_contradicts_its_text_is_ignored() -> None:
    finding = reports.finding(expected=message("not {value}", value="null"))
    data = codec.encode(reports.report([reports.failed(reports.check("one"), finding)]))
    for other in (b'"yes {value}"', b'"not {other}"'):
        read = codec.decode(data.replace(b'"not {value}"', other)).results[0].findings[0].expected
        assert read == "not null"
        assert not isinstance(read, Message)


def test_finds_f_strings_that_go_to_people() -> None:
    source = (
        'raise UserError(f"There is no {name}.", hint=message("{a}", a=f"{b}"))\n'
        'Finding(expected=f"{what}: {value}" if what else "", actual=x)\n'
        'log(f"{name}: {value}")\n'
        'raise KeyError(f"no {name}")\n'
        'Finding(expected=message("{a}", a=f"the {b} and {c}"), cause=f"the {what} {value}")\n'
        'name = f"the {name}"\n'
        'seconds = f"{n} ms"\n'
        'path = f"/articles/{slug}?limit={limit}"\n'
        "title = f\"Once more from {world.unique_name('t')}\"\n"
        'pattern = re.compile(f"a {word} of")\n'
    )
    assert sentences.f_strings_for_people(source) == [
        (1, "f'There is no {name}.'"),
        (2, "f'{what}: {value}'"),
        (5, "f'the {b} and {c}'"),
        (6, "f'the {name}'"),
        (7, "f'{n} ms'"),
    ]


def test_leaves_out_excused_functions() -> None:
    source = 'def one():\n    return f"the {a}"\ndef two():\n    return f"the {b}"\n'
    assert sentences.f_strings_for_people(source, {"one"}) == [(4, "f'the {b}'")]
    assert sentences.f_strings_for_people(source, {""}) == []


def test_finds_templates_that_do_not_fit_their_values() -> None:
    source = 'message("{a} {b}", a=1)\nmessage("{a}", a=1)\nmessage("x", a=1)\nmessage(x, a=1)\n'
    assert [line for line, _ in sentences.unfit_templates(source)] == [1, 3]
    source = 'plural(n, "1 {a}", "{count} {a}", a=1)\nplural(n, "1 {b}", "{count} {a}", a=1)\n'
    assert sentences.unfit_templates(source) == [(2, "1 {b}")]


@pytest.mark.parametrize("path", sentences.sources(), ids=sentences.name_of)
def test_sentences_are_made_from_templates(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert sentences.f_strings_for_people(text, sentences.excused(path)) == []


@pytest.mark.parametrize("path", sentences.sources(), ids=sentences.name_of)
def test_every_excuse_is_needed(path: Path) -> None:
    text, excused = path.read_text(encoding="utf-8"), sentences.excused(path)
    for each in excused:
        left = sentences.f_strings_for_people(text, excused - {each})
        assert left, f"take {each!r} out of NOT_SENTENCES"


def test_every_excused_file_exists() -> None:
    assert {function for path in sentences.sources() for function in sentences.excused(path)} == {
        place.rpartition(":")[2] for places in sentences.NOT_SENTENCES.values() for place in places
    }


@pytest.mark.parametrize("path", sentences.sources(), ids=sentences.name_of)
def test_templates_fit_their_values(path: Path) -> None:
    assert sentences.unfit_templates(path.read_text(encoding="utf-8")) == []
