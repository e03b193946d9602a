CREATE TABLE follows (
    follower_id bigint NOT NULL,
    followed_id bigint NOT NULL,
    PRIMARY KEY (follower_id, followed_id),
    KEY follows_by_followed (followed_id),
    FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY (followed_id) REFERENCES users (id) ON DELETE CASCADE,
    CHECK (follower_id <> followed_id)
) ENGINE = InnoDB;

CREATE TABLE favorites (
    article_id bigint NOT NULL,
    user_id bigint NOT NULL,
    PRIMARY KEY (article_id, user_id),
    KEY favorites_of_user (user_id, article_id),
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE comments (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    article_id bigint NOT NULL,
    author_id bigint NOT NULL,
    body mediumtext NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    updated_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    KEY comments_of_article (article_id, id),
    KEY comments_of_author (author_id),
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
    FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
