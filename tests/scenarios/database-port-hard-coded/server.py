import os
import re

from transactions import Fresh, run

os.environ["DATABASE_URL"] = re.sub(r":\d+/", ":1/", os.environ["DATABASE_URL"])
run(Fresh())
