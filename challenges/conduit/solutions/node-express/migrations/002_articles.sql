CREATE TABLE articles (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug        text        NOT NULL CONSTRAINT articles_slug_key UNIQUE,
    author_id   bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    title       text        NOT NULL,
    description text        NOT NULL,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT articles_title_length CHECK (char_length(title) BETWEEN 1 AND 255)
);

-- Lists are read newest first, whole or by author; id decides between equal times.
CREATE INDEX articles_newest ON articles (created_at DESC, id DESC);
CREATE INDEX articles_newest_by_author ON articles (author_id, created_at DESC, id DESC);

CREATE TABLE article_tags (
    article_id bigint  NOT NULL REFERENCES articles ON DELETE CASCADE,
    position   integer NOT NULL,
    tag        text    NOT NULL,
    PRIMARY KEY (article_id, position),
    CONSTRAINT article_tags_length CHECK (char_length(tag) BETWEEN 1 AND 64)
);

CREATE UNIQUE INDEX article_tags_by_tag ON article_tags (tag, article_id);

CREATE TABLE favorites (
    user_id    bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    article_id bigint      NOT NULL REFERENCES articles ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, article_id)
);

CREATE INDEX favorites_by_article ON favorites (article_id, user_id);

CREATE TABLE comments (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint      NOT NULL REFERENCES articles ON DELETE CASCADE,
    author_id  bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    body       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX comments_by_article ON comments (article_id, created_at, id);
CREATE INDEX comments_by_author ON comments (author_id);
