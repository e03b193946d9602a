package com.example.conduit.comment;

import java.time.Instant;

import com.example.conduit.profile.Profile;

/** One comment as the one who asks sees it. */
record Comment(long id, Instant createdAt, Instant updatedAt, String body, Profile author) {
}
