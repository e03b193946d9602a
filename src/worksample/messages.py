"""Sentences for people, made from templates with named values, so that they can be translated.

    message("There is no folder {folder}.", folder=folder)

The result is the English text, usable like any other. It also keeps the template, which is what a
translator looks up, and the values, which are put into the translated template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Message(str):
    """A text that was made from `template` by replacing each `{name}` by `values[name]`.

    Any other brace stands for itself.
    """

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, values: Mapping[str, str]) -> Message:
        """Return the text; raise KeyError if a value is missing."""
        made = super().__new__(cls, PLACEHOLDER.sub(lambda name: values[name[1]], template))
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, str]]]:
        return Message, (self.template, self.values)


def message(template: str, /, **values: object) -> Message:
    """Return the text of `template` with `values` in place of `{name}`.

    A value that is a `Message` can be translated itself. Raises KeyError if a value is missing.
    """
    return Message(template, {name: _text(value) for name, value in values.items()})


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
