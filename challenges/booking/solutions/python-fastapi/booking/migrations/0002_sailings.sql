CREATE TABLE sailings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_port text NOT NULL,
    to_port text NOT NULL,
    departs_at timestamptz NOT NULL,
    seats integer NOT NULL,
    -- Seats of reservations that are held or paid, including holds that are overdue.
    seats_taken integer NOT NULL DEFAULT 0,
    price integer NOT NULL CHECK (price > 0),
    CONSTRAINT sailings_never_oversold CHECK (seats_taken BETWEEN 0 AND seats)
);

CREATE INDEX sailings_next ON sailings (departs_at, id);
CREATE INDEX sailings_between ON sailings (from_port, to_port, departs_at, id);
CREATE INDEX sailings_to ON sailings (to_port, departs_at, id);
