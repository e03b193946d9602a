"""The packages of all languages through which programs speak to Redis or Valkey."""

from __future__ import annotations

DRIVERS = (
    "redis",
    "valkey",
    "django-redis",
    "aioredis",
    "ioredis",
    "@redis/client",
    "github.com/redis/go-redis",
    "github.com/gomodule/redigo",
    "github.com/valkey-io/valkey-go",
    "jedis",
    "lettuce-core",
    "spring-boot-starter-data-redis",
    "StackExchange.Redis",
)
