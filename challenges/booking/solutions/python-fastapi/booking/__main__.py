"""`python -m booking`: wait for the database, then serve."""

import os

import uvicorn

from booking.http.protocol import JsonHttpProtocol
from booking.migrate import connect_patiently
from booking.settings import Settings

# The brief gives 10 seconds from SIGTERM to the end (V3); what is left is for closing the pool.
FINISH_WITHIN_SECONDS = 8
KEEP_ALIVE_SECONDS = 75


def main() -> None:
    settings = Settings.from_environment()
    connect_patiently(settings.database_url).close()
    uvicorn.run(
        "booking.app:create_app",
        factory=True,
        host=os.environ.get("HOST", "0.0.0.0"),
        port=settings.port,
        http=JsonHttpProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISH_WITHIN_SECONDS,
    )


if __name__ == "__main__":
    main()
