CREATE TABLE articles (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users,
    slug text NOT NULL CONSTRAINT articles_slug_taken UNIQUE,
    title text NOT NULL,
    description text NOT NULL,
    body text NOT NULL,
    tags text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The tags in use are those of the articles.
DROP TABLE tags;
