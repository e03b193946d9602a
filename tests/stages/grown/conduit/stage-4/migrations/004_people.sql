CREATE TABLE follows (
    follower_id bigint NOT NULL REFERENCES users,
    followed_id bigint NOT NULL REFERENCES users,
    PRIMARY KEY (follower_id, followed_id)
);

CREATE TABLE favorites (
    article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    user_id bigint NOT NULL REFERENCES users,
    PRIMARY KEY (article_id, user_id)
);

CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES users,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
