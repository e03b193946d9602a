import os

from counters import serve

os.environ["PORT"] = "1"
serve()
