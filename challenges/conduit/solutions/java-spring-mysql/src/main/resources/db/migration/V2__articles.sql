CREATE TABLE articles (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    author_id bigint NOT NULL,
    slug varchar(100) NOT NULL,
    title varchar(255) NOT NULL,
    description mediumtext NOT NULL,
    body mediumtext NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    updated_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    UNIQUE KEY articles_slug_taken (slug),
    KEY articles_newest (created_at, id),
    KEY articles_of_author (author_id, created_at, id),
    FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE article_tags (
    article_id bigint NOT NULL,
    tag varchar(64) NOT NULL,
    position int NOT NULL,
    PRIMARY KEY (article_id, tag),
    KEY article_tags_by_tag (tag, article_id),
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
