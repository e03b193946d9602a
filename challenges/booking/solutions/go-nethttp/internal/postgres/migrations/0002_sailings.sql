CREATE TABLE sailings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_port text NOT NULL,
    to_port text NOT NULL,
    departs_at timestamptz NOT NULL,
    seats integer NOT NULL CHECK (seats BETWEEN 1 AND 5000),
    price integer NOT NULL CHECK (price BETWEEN 1 AND 1000000),
    CONSTRAINT sailings_go_somewhere CHECK (from_port <> to_port)
);

CREATE INDEX sailings_next ON sailings (departs_at, id);
CREATE INDEX sailings_between ON sailings (from_port, to_port, departs_at, id);
CREATE INDEX sailings_to ON sailings (to_port, departs_at, id);
