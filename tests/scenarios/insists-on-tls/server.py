import os

os.environ["PGSSLMODE"] = "require"

from transactions import Fresh, run

run(Fresh())
