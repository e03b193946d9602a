from counters import Handler, serve


class Curt(Handler):
    def write(self, status, content):
        super().write(status, content)
        self.close_connection = True


serve(Curt)
