package com.example.conduit.article;

import java.util.List;

/** What an author writes; in an edit, null leaves a field as it is. */
record ArticleContent(String title, String description, String body, List<String> tags) {

    boolean isEmpty() {
        return title == null && description == null && body == null && tags == null;
    }
}
