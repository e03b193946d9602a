CREATE TABLE tags (
    name varchar(200) COLLATE utf8mb4_bin PRIMARY KEY
);
