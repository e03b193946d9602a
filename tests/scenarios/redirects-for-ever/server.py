from counters import Handler, serve


class Redirecting(Handler):
    def write(self, status, content):
        if status == 404 and self.command == "GET":
            location = ("Location", self.path), ("Content-Type", "application/json")
            self.raw(302, b"{}", *location)
        else:
            super().write(status, content)


serve(Redirecting)
