import http.server

import counters


class OneByOne(http.server.HTTPServer):
    request_queue_size = 128


counters.Server = OneByOne
counters.serve()
