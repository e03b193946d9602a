from counters import Handler, serve


class Closing(Handler):
    def write(self, status, content):
        if status == 404 and self.command == "POST":
            super().write(500, {"error": "oh"})
            self.close_connection = True
        else:
            super().write(status, content)


serve(Closing)
