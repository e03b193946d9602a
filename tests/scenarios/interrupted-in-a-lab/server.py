import subprocess
import sys
import threading

from transactions import Fresh, run

WAITS = "import threading; threading.Event().wait()"


class Waits(Fresh):
    def up(self, name):
        with self.begin() as connection:
            connection.execute("SELECT 1")
            subprocess.Popen([sys.executable, "-c", WAITS, "counting-now"], start_new_session=True)
            threading.Event().wait()


run(Waits())
