class ApiError(Exception):
    """Raise this anywhere: the client gets {"errors": {field: [message]}} with the status."""

    def __init__(self, status, field, message):
        self.status = status
        self.field = field
        self.message = message
