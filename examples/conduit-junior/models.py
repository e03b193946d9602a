"""What people may send. pydantic refuses everything else."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field


def not_blank(text):
    if not text.strip():
        raise ValueError("can't be blank")
    return text


def has_an_at(email):
    name, _, host = email.rpartition("@")
    if not name.strip() or not host.strip():
        raise ValueError("is not an e-mail address")
    return email


Text = Annotated[str, AfterValidator(not_blank)]
Email = Annotated[str, Field(max_length=254), AfterValidator(has_an_at)]
Username = Annotated[str, Field(max_length=64), AfterValidator(not_blank)]
Password = Annotated[str, Field(min_length=8, max_length=200), AfterValidator(not_blank)]
Title = Annotated[str, Field(max_length=255), AfterValidator(not_blank)]
Tags = list[Annotated[str, Field(max_length=64), AfterValidator(not_blank)]]


class NewUser(BaseModel):
    username: Username
    email: Email
    password: Password


class Login(BaseModel):
    email: str
    password: str


class UserUpdate(BaseModel):
    username: Username = None
    email: Email = None
    password: Password = None
    bio: str | None = None
    image: str | None = None


class NewArticle(BaseModel):
    title: Title
    description: Text
    body: Text
    tagList: Tags = []


class ArticleUpdate(BaseModel):
    title: Title = None
    description: Text = None
    body: Text = None
    tagList: Tags = None


class NewComment(BaseModel):
    body: Text


class NewUserBody(BaseModel):
    user: NewUser


class LoginBody(BaseModel):
    user: Login


class UserUpdateBody(BaseModel):
    user: UserUpdate


class NewArticleBody(BaseModel):
    article: NewArticle


class ArticleUpdateBody(BaseModel):
    article: ArticleUpdate


class NewCommentBody(BaseModel):
    comment: NewComment
