import os

os.environ["SETTING_THAT_NOBODY_SET"]
