import threading

from counters import TABLE, Database, Handler, serve

STORE = Database(table="")


class Early(Handler):
    def answer(self):
        try:
            self.store.all()
        except Exception:
            self.write(500, {"error": "relation counters does not exist"})
        else:
            super().answer()


threading.Timer(1.5, STORE._connection.execute, [TABLE]).start()
serve(Early, store=STORE)
