"""What is sent to and from the comment endpoints."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from conduit.http.answers import Answer, Time
from conduit.http.text import FilledText
from conduit.profiles.messages import Profile


class NewComment(BaseModel):
    body: FilledText


class NewCommentBody(BaseModel):
    comment: NewComment


class Comment(Answer):
    id: int
    created_at: Time
    updated_at: Time
    body: str
    author: Profile

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Comment":
        """Out of a row with the comment's columns, the author's among them."""
        return cls(**row, author=Profile.of(row))


class CommentAnswer(Answer):
    comment: Comment


class CommentsAnswer(Answer):
    comments: list[Comment]
