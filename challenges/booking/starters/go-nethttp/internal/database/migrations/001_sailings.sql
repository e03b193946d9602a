CREATE TABLE sailings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_port text NOT NULL,
    to_port text NOT NULL,
    departs_at timestamptz NOT NULL
);
