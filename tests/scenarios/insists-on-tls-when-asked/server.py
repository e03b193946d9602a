import os

os.environ["PGSSLMODE"] = "require"

from transactions import Fresh, run


class Late(Fresh):
    def __init__(self):
        pass


run(Late())
