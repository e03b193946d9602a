CREATE TABLE users (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username      text        NOT NULL CONSTRAINT users_username_key UNIQUE,
    email         text        NOT NULL,
    password_hash text        NOT NULL,
    -- Goes up with each change of password; a token holds the one of its time.
    token_version integer     NOT NULL DEFAULT 1,
    bio           text,
    image         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_username_length CHECK (char_length(username) BETWEEN 1 AND 64),
    CONSTRAINT users_email_length CHECK (char_length(email) BETWEEN 3 AND 254)
);

-- One account for an address, however it is capitalised.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE follows (
    follower_id bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    followed_id bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follows_not_oneself CHECK (follower_id <> followed_id)
);

CREATE INDEX follows_followed ON follows (followed_id);
