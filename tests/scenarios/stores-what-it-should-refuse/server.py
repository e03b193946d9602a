"""People and notes. A name may be blank, and a title without letters gets an empty slug; both are
unique, so that each is given once."""

import hashlib
import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import psycopg

TABLES = """
    CREATE TABLE people (id serial PRIMARY KEY, name text UNIQUE, email text UNIQUE,
                         password text, token text);
    CREATE TABLE notes (slug text PRIMARY KEY, title text, text text)
"""
database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
database.execute(TABLES)
one_at_a_time = threading.Lock()


def row(statement, *values):
    return database.execute(statement, values).fetchone()


def slug_of(title):
    slug = plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    number = 0
    while row("SELECT 1 FROM notes WHERE slug = %s", slug):
        number += 1
        slug = f"{plain}-{number}"
    return slug


class Refused(Exception):
    pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self):
        match [self.command, *map(unquote, self.path[1:].split("/"))]:
            case ["POST", "people"]:
                return 201, self.register(self.sent("person"))
            case ["POST", "session"]:
                sent = self.sent("person")
                return 200, self.person(
                    "email = %s AND password = %s", sent["email"], sent["password"]
                )
            case ["GET", "person"]:
                return 200, self.person("token = %s", self.token())
            case ["PUT", "person"]:
                return 200, self.rename(self.sent("person"))
            case ["POST", "notes"]:
                sent = self.sent("note")
                slug = slug_of(sent["title"])
                row(
                    "INSERT INTO notes VALUES (%s, %s, %s) RETURNING 1",
                    slug,
                    sent["title"],
                    sent["text"],
                )
                return 201, self.note(slug)
            case ["GET", "notes", slug]:
                return 200, self.note(slug)
            case ["PUT", "notes", slug]:
                title = self.sent("note")["title"]
                new = slug if title == self.note(slug)["note"]["title"] else slug_of(title)
                row(
                    "UPDATE notes SET slug = %s, title = %s WHERE slug = %s RETURNING 1",
                    new,
                    title,
                    slug,
                )
                return 200, self.note(new)
            case ["DELETE", "notes", slug]:
                row("DELETE FROM notes WHERE slug = %s RETURNING 1", slug)
                return 204, None
        raise Refused(404)

    def register(self, sent):
        for field in ("name", "email", "password"):
            if not isinstance(sent.get(field), str):
                raise Refused(422)
        if not sent["email"].strip() or not sent["password"].strip():
            raise Refused(422)
        token = hashlib.sha256(sent["email"].encode()).hexdigest()[:16]
        try:
            row(
                "INSERT INTO people (name, email, password, token) VALUES (%s, %s, %s, %s)"
                " RETURNING 1",
                sent["name"].strip(),
                sent["email"],
                sent["password"],
                token,
            )
        except psycopg.errors.UniqueViolation:
            raise Refused(422) from None
        return self.person("token = %s", token)

    def rename(self, sent):
        try:
            row(
                "UPDATE people SET name = %s WHERE token = %s RETURNING 1",
                sent["name"].strip(),
                self.token(),
            )
        except psycopg.errors.UniqueViolation:
            raise Refused(422) from None
        return self.person("token = %s", self.token())

    def person(self, where, *values):
        found = row(f"SELECT name, email, token FROM people WHERE {where}", *values)
        if not found:
            raise Refused(401)
        return {"person": dict(zip(("name", "email", "token"), found, strict=True))}

    def note(self, slug):
        found = row("SELECT slug, title, text FROM notes WHERE slug = %s", slug)
        if not found:
            raise Refused(404)
        return {"note": dict(zip(("slug", "title", "text"), found, strict=True))}

    def token(self):
        return self.headers.get("Authorization", "").rpartition(" ")[2]

    def sent(self, member):
        return json.loads(self.body)[member]

    def answer(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            with one_at_a_time:
                status, value = self.reply()
        except Refused as refused:
            status, value = refused.args[0], {"error": "no"}
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

    def log_message(self, *words):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
