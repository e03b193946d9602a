"""Make the table."""

import os
import sys

import psycopg

with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS note (id serial PRIMARY KEY, text text NOT NULL)"
    )
sys.stdout.write("migrated\n")
