"""The operations of the contract, and the stage of the brief that asks for each."""

from __future__ import annotations

from worksample.checks import StagedOperation

TAGS = StagedOperation("tags", 1)
REGISTER = StagedOperation("register", 2)
LOGIN = StagedOperation("login", 2)
CURRENT_USER = StagedOperation("currentUser", 2)
UPDATE_USER = StagedOperation("updateUser", 2)
LIST_ARTICLES = StagedOperation("listArticles", 3)
PUBLISH = StagedOperation("publish", 3)
ARTICLE = StagedOperation("article", 3)
EDIT_ARTICLE = StagedOperation("editArticle", 3)
DELETE_ARTICLE = StagedOperation("deleteArticle", 3)
PROFILE = StagedOperation("profile", 4)
FOLLOW = StagedOperation("follow", 4)
UNFOLLOW = StagedOperation("unfollow", 4)
LIST_COMMENTS = StagedOperation("listComments", 4)
COMMENT = StagedOperation("comment", 4)
DELETE_COMMENT = StagedOperation("deleteComment", 4)
FAVORITE = StagedOperation("favorite", 4)
UNFAVORITE = StagedOperation("unfavorite", 4)
FEED = StagedOperation("feed", 5)

#: Those that take a JSON body.
WITH_BODY = (REGISTER, LOGIN, UPDATE_USER, PUBLISH, EDIT_ARTICLE, COMMENT)
ALL = (
    *WITH_BODY, TAGS, CURRENT_USER, LIST_ARTICLES, ARTICLE, DELETE_ARTICLE, PROFILE, FOLLOW,
    UNFOLLOW, LIST_COMMENTS, DELETE_COMMENT, FAVORITE, UNFAVORITE, FEED,
)  # fmt: skip
