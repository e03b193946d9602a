from counters import Handler, serve


class Garbage(Handler):
    def handle(self):
        self.connection.recv(1000)
        self.connection.sendall(b"220 mail.example.org ESMTP \x1b[31mready\x1b[0m\r\n")


serve(Garbage)
