CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL,
    email text NOT NULL,
    -- The address in lower case: lower() of the database knows only ASCII under the C locale.
    email_key text NOT NULL,
    password_hash text NOT NULL,
    -- Goes up with each change of password; a token holds the one of its time.
    token_version integer NOT NULL DEFAULT 1,
    bio text,
    image text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_username_taken UNIQUE (username),
    CONSTRAINT users_email_taken UNIQUE (email_key)
);
