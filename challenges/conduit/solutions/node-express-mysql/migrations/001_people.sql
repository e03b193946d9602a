-- utf8mb4_bin: names and tags are what was written; no two letters or emoji are taken for one.
CREATE TABLE IF NOT EXISTS users (
    id            bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username      varchar(64)  NOT NULL,
    email         varchar(254) NOT NULL COMMENT 'in small letters',
    password_hash varchar(255) NOT NULL,
    token_version int          NOT NULL DEFAULT 1 COMMENT 'goes up with each change of password; a token holds the one of its time',
    bio           mediumtext,
    image         mediumtext,
    created_at    datetime(6)  NOT NULL DEFAULT current_timestamp(6),
    UNIQUE KEY users_username_key (username),
    UNIQUE KEY users_email_key (email)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS follows (
    follower_id bigint      NOT NULL,
    followed_id bigint      NOT NULL,
    created_at  datetime(6) NOT NULL DEFAULT current_timestamp(6),
    PRIMARY KEY (follower_id, followed_id),
    KEY follows_followed (followed_id),
    CONSTRAINT follows_follower FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT follows_followed FOREIGN KEY (followed_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT follows_not_oneself CHECK (follower_id <> followed_id)
) ENGINE = InnoDB;
