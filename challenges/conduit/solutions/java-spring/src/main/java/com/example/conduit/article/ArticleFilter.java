package com.example.conduit.article;

/** Narrows a list; all that are given must match (L2). */
record ArticleFilter(String tag, String author, String favorited, boolean feed) {
}
