CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    -- The address in lower case: lower() of the database knows only ASCII under the C locale.
    email_key text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('traveller', 'operator')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_email_taken UNIQUE (email_key)
);

-- At most one row: the key that signs tokens when JWT_SECRET is not set.
CREATE TABLE signing_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    secret text NOT NULL
);
