"""Members whose registration gives no token; with ALSO_LOGIN, signing in gives none either."""

import json
import os
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

members = {}
tokens = {}


def shown(member, *, with_token):
    token = secrets.token_hex(8)
    tokens[token] = member["email"]
    public = {"name": member["name"], "motto": member.get("motto")}
    return {"member": {**public, "token": token} if with_token else public}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        sent = self.body()
        if self.path == "/members":
            members[sent["email"]] = sent
            self.answer(201, shown(sent, with_token=False))
            return
        member = members.get(sent["email"], {})
        if member.get("password") == sent["password"]:
            self.answer(200, shown(member, with_token="ALSO_LOGIN" not in os.environ))
        else:
            self.answer(401, {"error": "wrong address or password"})

    def do_GET(self):
        self.own()

    def do_PUT(self):
        self.own(**self.body())

    def own(self, **changes):
        _, _, token = self.headers.get("Authorization", "").partition(" ")
        if token not in tokens:
            self.answer(401, {"error": "no valid token"})
            return
        member = members[tokens[token]]
        member.update(changes)
        self.answer(200, shown(member, with_token=False))

    def body(self):
        length = int(self.headers.get("Content-Length", 0))
        return json.loads(self.rfile.read(length))["member"]

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
