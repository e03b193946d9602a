"""Kinds of text that people send. Lengths are in characters, that is code points."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL characters")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return _storable(text)


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (at and local.strip() and domain.strip()):
        raise ValueError("needs an @ with something on both sides")
    return _storable(text)


Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[str, AfterValidator(_filled)]

Username = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=64), AfterValidator(_filled)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)
]
Title = Annotated[str, StringConstraints(max_length=255), AfterValidator(_filled)]
Tag = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled)]
