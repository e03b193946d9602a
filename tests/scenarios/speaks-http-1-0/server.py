from counters import Handler, serve


class Old(Handler):
    protocol_version = "HTTP/1.0"


serve(Old)
