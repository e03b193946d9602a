"""The recording HTTP client that all probes use."""

from worksample.probes.http.client import HttpClient
from worksample.probes.http.curl import as_curl
from worksample.probes.http.httpfile import as_http_file
from worksample.probes.http.limits import Limits
from worksample.probes.http.replay import replay
from worksample.probes.http.session import MISSING, Session, json_request

__all__ = [
    "MISSING",
    "HttpClient",
    "Limits",
    "Session",
    "as_curl",
    "as_http_file",
    "json_request",
    "replay",
]
