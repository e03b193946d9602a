"""A person as others see them."""

from collections.abc import Mapping
from typing import Any

from conduit.http.answers import Answer


class Profile(Answer):
    username: str
    bio: str | None
    image: str | None
    following: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Profile":
        """Out of a row that has the profile's columns among others."""
        return cls(
            username=row["username"],
            bio=row["bio"],
            image=row["image"],
            following=row["following"],
        )


class ProfileAnswer(Answer):
    profile: Profile
