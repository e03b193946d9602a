from caching import Cached
from counters import serve


class Renewed(Cached):
    def up(self, name):
        value = super().up(name)
        self.cache.ask("DEL", name)
        return value


serve(store=Renewed())
