import os
import socket

import counters

counters.Server.address_family = socket.AF_INET6
os.environ["HOST"] = "::1"
counters.serve()
