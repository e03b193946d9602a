CREATE TABLE accounts (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text        NOT NULL,
    email         text        NOT NULL,
    -- In small letters: lower() of the database knows only ASCII under the C locale.
    email_key     text        NOT NULL CONSTRAINT accounts_email_key UNIQUE,
    password_hash text        NOT NULL,
    role          text        NOT NULL DEFAULT 'traveller' CHECK (role IN ('traveller', 'operator')),
    created_at    timestamptz NOT NULL DEFAULT now()
);
