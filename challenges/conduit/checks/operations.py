"""The operations of the contract, and the stage of the brief that asks for each."""

from __future__ import annotations

from worksample.checks import StagedOperation

TAGS = StagedOperation("tags", 1, "every-path-begins-with-api")
REGISTER = StagedOperation("register", 2, "registering-opens-an-account")
LOGIN = StagedOperation("login", 2, "signing-in-gives-a-token")
CURRENT_USER = StagedOperation("currentUser", 2, "the-account-shown-is-the-tokens-own")
UPDATE_USER = StagedOperation("updateUser", 2, "a-bio-can-be-changed")
LIST_ARTICLES = StagedOperation("listArticles", 3, "a-new-article-is-in-the-list")
PUBLISH = StagedOperation("publish", 3, "an-article-can-be-published")
ARTICLE = StagedOperation("article", 3, "anyone-can-read-an-article")
EDIT_ARTICLE = StagedOperation("editArticle", 3, "the-author-can-edit-an-article")
DELETE_ARTICLE = StagedOperation("deleteArticle", 3, "the-author-can-delete-an-article")
PROFILE = StagedOperation("profile", 4, "anyone-can-see-a-profile")
FOLLOW = StagedOperation("follow", 4, "a-person-can-be-followed")
UNFOLLOW = StagedOperation("unfollow", 4, "following-twice-is-following-once")
LIST_COMMENTS = StagedOperation("listComments", 4, "a-comment-can-be-written")
COMMENT = StagedOperation("comment", 4, "a-comment-can-be-written")
DELETE_COMMENT = StagedOperation("deleteComment", 4, "its-writer-can-delete-a-comment")
FAVORITE = StagedOperation("favorite", 4, "an-article-can-be-marked-as-a-favourite")
UNFAVORITE = StagedOperation("unfavorite", 4, "favourites-are-counted-by-people")
FEED = StagedOperation("feed", 5, "the-feed-shows-whom-one-follows")

#: Those that take a JSON body.
WITH_BODY = (REGISTER, LOGIN, UPDATE_USER, PUBLISH, EDIT_ARTICLE, COMMENT)
ALL = (
    *WITH_BODY, TAGS, CURRENT_USER, LIST_ARTICLES, ARTICLE, DELETE_ARTICLE, PROFILE, FOLLOW,
    UNFOLLOW, LIST_COMMENTS, DELETE_COMMENT, FAVORITE, UNFAVORITE, FEED,
)  # fmt: skip
