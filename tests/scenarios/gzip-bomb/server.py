import zlib

from counters import Handler, serve

packer = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()


class Bomb(Handler):
    def write(self, status, content):
        if "counters" in content:
            headers = ("Content-Type", "application/json"), ("Content-Encoding", "gzip")
            self.raw(200, BOMB, *headers)
        else:
            super().write(status, content)


serve(Bomb)
