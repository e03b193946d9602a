CREATE TABLE reservations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sailing_id bigint NOT NULL REFERENCES sailings,
    seats integer NOT NULL CHECK (seats BETWEEN 1 AND 9),
    total integer NOT NULL CHECK (total > 0),
    -- A hold that is over stays 'held' here: expires_at tells.
    status text NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'paid', 'cancelled')),
    charged integer NOT NULL DEFAULT 0,
    refunded integer NOT NULL DEFAULT 0,
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT reservations_money_fits_status CHECK (
        (status = 'held' AND charged = 0 AND refunded = 0)
        OR (status = 'paid' AND charged = total AND refunded = 0)
        OR (status = 'cancelled' AND charged IN (0, total) AND refunded = charged)
    ),
    CONSTRAINT reservations_key_used UNIQUE (account_id, idempotency_key)
);

CREATE INDEX reservations_of_account ON reservations (account_id, id);
-- The seats of a sailing that are taken: never more rows than it has seats.
CREATE INDEX reservations_paid ON reservations (sailing_id) INCLUDE (seats) WHERE status = 'paid';
CREATE INDEX reservations_held ON reservations (sailing_id, expires_at) INCLUDE (seats)
    WHERE status = 'held';
