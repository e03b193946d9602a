import os
from http.server import BaseHTTPRequestHandler, HTTPServer

if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()
