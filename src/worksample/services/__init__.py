"""The services that a server depends on: a module or package each, discovered here."""

from worksample.services.base import Resource, Service, services
from worksample.services.database import (
    Database,
    DatabaseServer,
    ErrorCodes,
    LockMonitor,
    OpenTransaction,
    Row,
    WaitingSessions,
)
from worksample.services.plans import (
    ExecutedStatement,
    IndexCandidate,
    PlanLog,
    PlansUnavailable,
)

__all__ = [
    "Database",
    "DatabaseServer",
    "ErrorCodes",
    "ExecutedStatement",
    "IndexCandidate",
    "LockMonitor",
    "OpenTransaction",
    "PlanLog",
    "PlansUnavailable",
    "Resource",
    "Row",
    "Service",
    "WaitingSessions",
    "services",
]
