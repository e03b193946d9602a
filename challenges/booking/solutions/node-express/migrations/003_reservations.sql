CREATE TABLE reservations (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id      bigint      NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sailing_id      bigint      NOT NULL REFERENCES sailings,
    seats           integer     NOT NULL CHECK (seats BETWEEN 1 AND 9),
    total           integer     NOT NULL CHECK (total > 0),
    -- A hold that is over stays 'held' here; `expires_at` tells it from one that is not.
    status          text        NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'paid', 'cancelled')),
    idempotency_key text,
    created_at      timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at      timestamptz NOT NULL,
    CONSTRAINT reservations_idempotency_key UNIQUE (account_id, idempotency_key)
);

CREATE INDEX reservations_of_account ON reservations (account_id, id);
CREATE INDEX reservations_of_sailing ON reservations (sailing_id) WHERE status <> 'cancelled';

-- What was charged and paid back: each once for a reservation.
CREATE TABLE payments (
    reservation_id bigint      NOT NULL REFERENCES reservations ON DELETE CASCADE,
    kind           text        NOT NULL CHECK (kind IN ('charge', 'refund')),
    amount         integer     NOT NULL CHECK (amount > 0),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reservation_id, kind)
);
