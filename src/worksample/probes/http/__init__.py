"""The recorded HTTP client: every probe that speaks HTTP stands on it."""

from worksample.probes.http.client import HttpClient
from worksample.probes.http.limits import Limits
from worksample.probes.http.session import MISSING, Session, json_request

__all__ = ["MISSING", "HttpClient", "Limits", "Session", "json_request"]
