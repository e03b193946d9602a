"""The .NET SDK for tests: that of PATH, where `.ci/run` puts one that lies beside the checkout."""

from __future__ import annotations

import os

import pytest

from tests.support.machine import OF_THE_MACHINE
from worksample.stacks.csharp.sdks import installations

#: Where there is one beside the checkout, CI does not accept that a test is skipped.
_EXPECTED = bool(os.environ.get("WORKSAMPLE_DOTNET"))
HAS_DOTNET = any(installations())
NO_DOTNET = "the .NET SDK is not installed" if _EXPECTED else f"{OF_THE_MACHINE}it has no .NET SDK"

needs_dotnet = pytest.mark.skipif(not HAS_DOTNET, reason=NO_DOTNET)
