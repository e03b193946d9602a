"""The services that a server depends on: a module or package each, discovered here."""

from worksample.services.base import Resource, Server, Service, WiredResource, services
from worksample.services.database import (
    CopyableDatabase,
    Database,
    ErrorCodes,
    GrowableDatabase,
    LockMonitor,
    OpenTransaction,
    Row,
    WaitingSessions,
    first_database,
)
from worksample.services.plans import (
    ExecutedStatement,
    IndexCandidate,
    PlanLog,
    PlansUnavailable,
)

__all__ = [
    "CopyableDatabase",
    "Database",
    "ErrorCodes",
    "ExecutedStatement",
    "GrowableDatabase",
    "IndexCandidate",
    "LockMonitor",
    "OpenTransaction",
    "PlanLog",
    "PlansUnavailable",
    "Resource",
    "Row",
    "Server",
    "Service",
    "WaitingSessions",
    "WiredResource",
    "first_database",
    "services",
]
