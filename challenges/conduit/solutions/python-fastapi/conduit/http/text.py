"""Kinds of text that people send."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL characters")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (at and local.strip() and domain.strip()):
        raise ValueError("needs an @ with something on both sides")
    return text


Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[Text, AfterValidator(_not_blank)]

Username = Annotated[FilledText, StringConstraints(max_length=64)]
Password = Annotated[FilledText, StringConstraints(min_length=8, max_length=64)]
Email = Annotated[
    Text, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)
]
Title = Annotated[FilledText, StringConstraints(max_length=255)]
Tag = Annotated[FilledText, StringConstraints(max_length=64)]
