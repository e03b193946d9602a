CREATE TABLE IF NOT EXISTS users (
    id bigserial PRIMARY KEY,
    username text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    bio text,
    image text
);
CREATE INDEX IF NOT EXISTS users_username ON users (username);
CREATE INDEX IF NOT EXISTS users_email ON users (email);

CREATE TABLE IF NOT EXISTS sessions (
    token text PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS follows (
    follower_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    followed_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (follower_id, followed_id)
);

CREATE TABLE IF NOT EXISTS articles (
    id bigserial PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    title text NOT NULL,
    description text NOT NULL,
    body text NOT NULL,
    tags text[] NOT NULL,
    author_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    favorites_count bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS articles_newest ON articles (created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS articles_author ON articles (author_id);
CREATE INDEX IF NOT EXISTS articles_tags ON articles USING gin (tags);

CREATE TABLE IF NOT EXISTS favorites (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (user_id, article_id)
);

CREATE TABLE IF NOT EXISTS comments (
    id bigserial PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS comments_article ON comments (article_id, id);
