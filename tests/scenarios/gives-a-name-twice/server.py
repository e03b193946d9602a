from counters import Database, Handler, serve


class Generous(Handler):
    def make(self, payload):
        name = payload["counter"]["name"]
        value = self.store.make(str(name))
        return self.one(201, name, 0 if value is None else value)


serve(Generous, store=Database())
