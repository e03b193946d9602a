"""Keep the templates of a finding's texts in its JSON, so that a saved report can be translated."""

from __future__ import annotations

from worksample.checks import Finding
from worksample.grading import schema
from worksample.messages import Message

_TEXTS = ("expected", "actual", "because", "hint")


def templates_of(finding: Finding) -> dict[str, schema.Template]:
    """Return the template of each text of `finding` that was made from one, by field."""
    texts = {name: getattr(finding, name) for name in _TEXTS}
    return {name: _entry(text) for name, text in texts.items() if isinstance(text, Message)}


def messages_of(entry: schema.Finding) -> dict[str, Message]:
    """Return the message of each text of `entry` that is what its template makes."""
    found = {}
    for name in _TEXTS:
        template = entry.templates.get(name)
        made = _message(template) if template else None
        if made is not None and made == getattr(entry, name):
            found[name] = made
    return found


def _entry(text: Message) -> schema.Template:
    return schema.Template(
        text.template,
        {name: _entry(v) if isinstance(v, Message) else v for name, v in text.values.items()},
    )


def _message(entry: schema.Template) -> Message | None:
    values = {}
    for name, value in entry.values.items():
        text = value if isinstance(value, str) else _message(value)
        if text is None:
            return None
        values[name] = text
    try:
        return Message(entry.template, values)
    except KeyError:
        return None
