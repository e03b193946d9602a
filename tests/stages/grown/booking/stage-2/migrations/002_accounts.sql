CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    -- The address in small letters: one account for all spellings.
    email_key text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    role text NOT NULL
);

CREATE TABLE sessions (
    token text PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts
);
