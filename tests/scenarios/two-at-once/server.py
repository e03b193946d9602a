from counters import Handler, serve


class Strange(Handler):
    def write(self, status, content):
        super().write(400 if status == 404 else status, content)


serve(Strange)
