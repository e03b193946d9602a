import pathlib
import socket

from transactions import Fresh, run

METRICS = socket.create_server(
    ("127.0.0.1", int(pathlib.Path("metrics-port").read_text())), reuse_port=False
)
run(Fresh())
