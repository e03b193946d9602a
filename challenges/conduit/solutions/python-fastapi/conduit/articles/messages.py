"""What is sent to and from the article endpoints."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from conduit.http.answers import Answer, Time
from conduit.http.text import FilledText, Tag, Title
from conduit.profiles.messages import Profile

MAX_TAGS = 1000


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_each_once)]


class _Sent(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class NewArticle(_Sent):
    title: Title
    description: FilledText
    body: FilledText
    tag_list: Tags = []


class NewArticleBody(BaseModel):
    article: NewArticle


class ArticleChange(_Sent):
    """Only what was sent counts (`model_fields_set`); the defaults are never read."""

    title: Title = ""
    description: FilledText = ""
    body: FilledText = ""
    tag_list: Tags = []


class ArticleChangeBody(BaseModel):
    article: ArticleChange


class ArticleSummary(Answer):
    """An article as lists show it, without its body."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Time
    updated_at: Time
    favorited: bool
    favorites_count: int
    author: Profile

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ArticleSummary":
        """Out of a row with the summary's columns, the author's among them."""
        return cls(**row, author=Profile.of(row))


class Article(ArticleSummary):
    body: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Article":
        return cls(**row, author=Profile.of(row))


class ArticleAnswer(Answer):
    article: Article


class ArticlesAnswer(Answer):
    articles: list[ArticleSummary]
    articles_count: int
