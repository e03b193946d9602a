CREATE TABLE articles (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    slug text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT articles_slug_taken UNIQUE (slug)
);

CREATE INDEX articles_newest ON articles (created_at DESC, id DESC);
CREATE INDEX articles_of_author ON articles (author_id, created_at DESC, id DESC);

CREATE TABLE article_tags (
    article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
    tag text NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (article_id, tag)
);

CREATE INDEX article_tags_by_tag ON article_tags (tag, article_id);
