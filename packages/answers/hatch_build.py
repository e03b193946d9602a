"""The distribution depends on the version of worksample that it was built beside."""

from __future__ import annotations

from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class SameVersion(MetadataHookInterface):
    """Sets `dependencies`, which cannot name a dynamic version otherwise."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Require exactly the version of `metadata`."""
        metadata["dependencies"] = [f"worksample=={metadata['version']}"]
