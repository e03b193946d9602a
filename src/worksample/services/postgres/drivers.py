"""The packages through which programs use PostgreSQL."""

from __future__ import annotations

DRIVERS = (
    *("psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"),
    *("pg", "pg-promise", "postgres"),
    *("github.com/jackc/pgx", "github.com/lib/pq"),
    "postgresql",
    *("Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL"),
)
