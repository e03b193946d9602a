"""Real things that a server depends on: one file a service, found by listing this folder."""

from worksample.services.base import Database, Resource, Service, services

__all__ = ["Database", "Resource", "Service", "services"]
