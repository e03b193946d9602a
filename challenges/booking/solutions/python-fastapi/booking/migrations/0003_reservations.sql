CREATE TABLE reservations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sailing_id bigint NOT NULL REFERENCES sailings,
    seats integer NOT NULL CHECK (seats > 0),
    total integer NOT NULL CHECK (total > 0),
    status text NOT NULL DEFAULT 'held'
        CHECK (status IN ('held', 'paid', 'cancelled', 'expired')),
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT reservations_key_used UNIQUE (account_id, idempotency_key)
);

CREATE INDEX reservations_of_account ON reservations (account_id, id);
CREATE INDEX reservations_held ON reservations (sailing_id, expires_at) WHERE status = 'held';

-- One charge and one refund for each reservation, whatever happens at the same time.
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reservation_id bigint NOT NULL REFERENCES reservations ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('charge', 'refund')),
    amount integer NOT NULL CHECK (amount > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payments_once UNIQUE (reservation_id, kind)
);
