CREATE TABLE reservations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts,
    sailing_id bigint NOT NULL REFERENCES sailings,
    seats integer NOT NULL,
    total integer NOT NULL,
    status text NOT NULL DEFAULT 'held',
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at timestamptz NOT NULL,
    UNIQUE (account_id, idempotency_key)
);

CREATE INDEX reservations_of_sailing ON reservations (sailing_id);
