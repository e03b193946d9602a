"""Sentences for people, made from templates with named values, so that they can be translated.

    message("There is no folder {folder}.", folder=folder)

The result is the English text, usable like any other. It also keeps the template, which is what a
translator looks up, and the values, which are put into the translated template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Message(str):
    """A text that was made from `template` by replacing each `{name}` by `values[name]`.

    Any other brace stands for itself.
    """

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, values: Mapping[str, str]) -> Message:
        """Return the text; raise KeyError if a value is missing."""
        format_string, names = _parsed(template)
        made = super().__new__(cls, format_string % tuple([values[name] for name in names]))
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, str]]]:
        return Message, (self.template, self.values)


@lru_cache(maxsize=4096)
def _parsed(template: str) -> tuple[str, tuple[str, ...]]:
    """Return `template` as a format string for `%`, and the names in the order of its values.

    Labels are made for every request, so this is not done each time.
    """
    format_string = PLACEHOLDER.sub("%s", template.replace("%", "%%"))
    return format_string, tuple(PLACEHOLDER.findall(template))


def message(template: str, /, **values: object) -> Message:
    """Return the text of `template` with `values` in place of `{name}`.

    A value that is a `Message` can be translated itself. Raises KeyError if a value is missing.
    """
    return Message(template, {name: _text(value) for name, value in values.items()})


def plural(count: int, one: str, other: str, /, **values: object) -> Message:
    """Return the text of the template `one` if `count` is 1, else that of `other`.

    Both may use `{count}`. Raises KeyError if a value is missing.
    """
    return message(one if count == 1 else other, count=count, **values)


def join_or(items: Iterable[object]) -> str:
    """Return items as "a, b or c"; "nothing" if there are none."""
    return _joined("{items} or {last}", items)


def join_and(items: Iterable[object]) -> str:
    """Return items as "a, b and c"; "nothing" if there are none."""
    return _joined("{items} and {last}", items)


def _joined(template: str, items: Iterable[object]) -> str:
    *others, last = [_text(item) for item in items] or ["nothing"]
    return message(template, items=", ".join(others), last=last) if others else last


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def translated(text: str, translate: Callable[[str], str]) -> str:
    """Return `text` in another language; `translate` maps a template to one in that language.

    A text that is no `Message` is its own template. Values are kept, except for messages.
    """
    if not isinstance(text, Message):
        return translate(text)
    values = {
        name: translated(value, translate) if isinstance(value, Message) else value
        for name, value in text.values.items()
    }
    return Message(translate(text.template), values)
