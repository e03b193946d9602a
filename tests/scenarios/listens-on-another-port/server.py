import os

from counters import serve

os.environ["PORT"] = "0"
serve()
