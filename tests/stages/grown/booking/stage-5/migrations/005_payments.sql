ALTER TABLE reservations
    ADD COLUMN charged integer NOT NULL DEFAULT 0,
    ADD COLUMN refunded integer NOT NULL DEFAULT 0;
