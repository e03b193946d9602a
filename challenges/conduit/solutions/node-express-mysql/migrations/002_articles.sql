-- Lists are read newest first, whole or by author; id decides between equal times.
CREATE TABLE IF NOT EXISTS articles (
    id          bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    slug        varchar(100) NOT NULL,
    author_id   bigint       NOT NULL,
    title       varchar(255) NOT NULL,
    description mediumtext   NOT NULL,
    body        mediumtext   NOT NULL,
    created_at  datetime(6)  NOT NULL DEFAULT current_timestamp(6),
    updated_at  datetime(6)  NOT NULL DEFAULT current_timestamp(6),
    UNIQUE KEY articles_slug_key (slug),
    KEY articles_newest (created_at, id),
    KEY articles_newest_by_author (author_id, created_at, id),
    CONSTRAINT articles_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS article_tags (
    article_id bigint      NOT NULL,
    position   int         NOT NULL,
    tag        varchar(64) NOT NULL,
    PRIMARY KEY (article_id, position),
    UNIQUE KEY article_tags_by_tag (tag, article_id),
    CONSTRAINT article_tags_article FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS favorites (
    user_id    bigint      NOT NULL,
    article_id bigint      NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    PRIMARY KEY (user_id, article_id),
    KEY favorites_by_article (article_id, user_id),
    CONSTRAINT favorites_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT favorites_article FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS comments (
    id         bigint      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    article_id bigint      NOT NULL,
    author_id  bigint      NOT NULL,
    body       mediumtext  NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    updated_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    KEY comments_by_article (article_id, created_at, id),
    KEY comments_by_author (author_id),
    CONSTRAINT comments_article FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
    CONSTRAINT comments_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
