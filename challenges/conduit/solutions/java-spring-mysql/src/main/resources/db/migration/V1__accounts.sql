-- utf8mb4_bin: names and tags are what was written; no two letters or emoji are taken for one.
CREATE TABLE users (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username varchar(64) NOT NULL,
    email varchar(254) NOT NULL,
    -- The address in lower case, made in Java: each collation has its own idea of equal letters.
    email_key varchar(508) NOT NULL,
    password_hash varchar(255) NOT NULL,
    -- Goes up with each change of password; a token holds the one of its time.
    token_version int NOT NULL DEFAULT 1,
    bio mediumtext,
    image mediumtext,
    created_at datetime(6) NOT NULL DEFAULT current_timestamp(6),
    UNIQUE KEY users_username_taken (username),
    UNIQUE KEY users_email_taken (email_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
