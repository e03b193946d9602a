package com.example.conduit.article;

import java.time.Instant;
import java.util.List;

import com.example.conduit.profile.Profile;

/** One article as the one who asks sees it. Lists leave the body out (null). */
record Article(String slug, String title, String description, String body, List<String> tags, Instant createdAt,
        Instant updatedAt, boolean favorited, long favoritesCount, Profile author) {
}
