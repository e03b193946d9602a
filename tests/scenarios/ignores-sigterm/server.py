import signal

from counters import serve

signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve()
