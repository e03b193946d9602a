"""What is sent to and from the endpoints of articles."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from accounts.schemas import Profile
from conduit.http.schemas import CamelSchema, Object, Time
from conduit.http.text import FilledText, Tag, Title

MAX_TAGS = 1000


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_each_once)]


class NewArticle(CamelSchema):
    title: Title
    description: FilledText
    body: FilledText
    tag_list: Tags = []


class NewArticleBody(CamelSchema):
    article: Object[NewArticle]


class ArticleChange(CamelSchema):
    """Only what was sent counts (`model_fields_set`); the defaults are never read."""

    title: Title = ""
    description: FilledText = ""
    body: FilledText = ""
    tag_list: Tags = []


class ArticleChangeBody(CamelSchema):
    article: Object[ArticleChange]


class NewComment(CamelSchema):
    body: FilledText


class NewCommentBody(CamelSchema):
    comment: Object[NewComment]


class _Written(CamelSchema):
    """What has an author, whom the one who asks may follow (`following`)."""

    author: Profile

    @staticmethod
    def resolve_author(written: Any) -> dict[str, Any]:
        author = written.author
        return {
            "username": author.username,
            "bio": author.bio,
            "image": author.image,
            "following": written.following,
        }


class ArticleSummary(_Written):
    """An article as lists show it, without its body."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Time
    updated_at: Time
    favorited: bool
    favorites_count: int


class Article(ArticleSummary):
    body: str


class ArticleAnswer(CamelSchema):
    article: Article


class ArticlesAnswer(CamelSchema):
    articles: list[ArticleSummary]
    articles_count: int


class Comment(_Written):
    id: int
    created_at: Time
    updated_at: Time
    body: str


class CommentAnswer(CamelSchema):
    comment: Comment


class CommentsAnswer(CamelSchema):
    comments: list[Comment]


class TagsAnswer(CamelSchema):
    tags: list[str]
