CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL CONSTRAINT users_username_taken UNIQUE,
    email text NOT NULL,
    email_key text NOT NULL CONSTRAINT users_email_taken UNIQUE,
    password_hash text NOT NULL,
    bio text,
    image text
);

CREATE TABLE signing_key (secret text NOT NULL);
INSERT INTO signing_key VALUES (gen_random_uuid()::text || gen_random_uuid()::text);
