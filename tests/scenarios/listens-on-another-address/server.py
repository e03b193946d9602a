import os

from counters import serve

os.environ["HOST"] = "127.0.0.2"
serve()
