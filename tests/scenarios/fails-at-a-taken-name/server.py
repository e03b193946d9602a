from counters import Database, Handler, serve


class Careless(Handler):
    def make(self, payload):
        status, content = super().make(payload)
        if content.get("error") == "the name is taken":
            return 500, {"error": "duplicate key"}
        return status, content


serve(Careless, store=Database())
