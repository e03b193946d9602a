package com.example.conduit.article;

import java.util.List;

/** A page of a list, and how many articles there are in all. */
record ArticlePage(List<Article> articles, long total) {
}
