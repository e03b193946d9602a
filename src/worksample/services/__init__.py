"""The services that a server depends on: one module each, discovered in this package."""

from worksample.services.base import Database, Resource, Service, services

__all__ = ["Database", "Resource", "Service", "services"]
