ALTER TABLE sailings
    ADD COLUMN seats integer NOT NULL,
    ADD COLUMN price integer NOT NULL;
