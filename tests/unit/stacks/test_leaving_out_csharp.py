"""Tests of a C# project are left out by the names under which `dotnet test` reports them."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks.csharp import STACK

PROJECT = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
<PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
</ItemGroup></Project>"""
SOURCE = """using Xunit;

namespace Shop.Tests;

public class CartTests(Server server) : IClassFixture<Server>
{
    private readonly Cart _cart = new(); // empty

    /// <summary>Was wrong once.</summary>
    [Fact, Trait("kind", "slow")]
    public async Task Total() => Assert.Equal(0, await server.TotalAsync(_cart));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Price(int price)
    {
    }

    private static void Fill()
    {
    }
}
"""
TOTAL, PRICE = "Shop.Tests.CartTests.Total", "Shop.Tests.CartTests.Price"


def left(folder: Path, source: str, *names: str) -> str | None:
    """Return what is left of `source` without the tests `names`, None if nothing."""
    path = folder / "tests" / "Shop.Tests" / "CartTests.cs"
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "Shop.Tests.csproj").write_text(PROJECT)
    path.write_text(source)
    STACK.without_tests(folder, names)
    return path.read_text() if path.exists() else None


def test_test_goes_with_attributes_and_comments(tmp_path: Path) -> None:
    before, _, after = SOURCE.partition("    /// <summary>")
    assert (
        left(tmp_path, SOURCE, TOTAL)
        == before + "    [Theory]" + after.partition("    [Theory]")[2]
    )


def test_case_takes_the_whole_test_along(tmp_path: Path) -> None:
    before, _, after = SOURCE.partition("    [Theory]")
    found = left(tmp_path, SOURCE, f"{PRICE}(price: 2)")
    assert found == before + "    private" + after.partition("    private")[2]


def test_file_goes_with_its_last_test_unless_it_is_named(tmp_path: Path) -> None:
    assert left(tmp_path, SOURCE, TOTAL, PRICE) is None
    (tmp_path / "tests" / "Shop.Tests" / "Other.cs").write_text("class Other : CartTests;")
    found = left(tmp_path, SOURCE, TOTAL, PRICE)
    assert found
    assert "Fill" in found
    assert "Price" not in found


def test_what_other_files_may_use_stays(tmp_path: Path) -> None:
    source = SOURCE + "\npublic sealed class Server\n{\n}\n"
    found = left(tmp_path, source, TOTAL, PRICE)
    assert found
    assert found.endswith("public sealed class Server\n{\n}\n")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("namespace A.B { class T { [NUnit.Framework.Test] void M() {} } }", "A.B.T.M"),
        ("namespace A { namespace B { class T { [TestCase(1)] void M(int a) {} } } }", "A.B.T.M"),
        ("class T { class Inner { [DataTestMethod] void M() {} } }", "T+Inner.M"),
        ("namespace A; abstract class T { [SkippableFact] public void M() {} }", "Else.Sub.M"),
    ],
)
def test_tests_of_other_tools_and_places_are_found(tmp_path: Path, source: str, name: str) -> None:
    assert left(tmp_path, source, name) is None


@pytest.mark.parametrize("attribute", ["SetUp", "TestInitialize", "Factory", "Benchmark"])
def test_what_is_no_test_is_not_left_out(tmp_path: Path, attribute: str) -> None:
    source = f"class T {{ [{attribute}] void M() {{}} [Fact] void N() {{}} }}"
    with pytest.raises(WorkspaceError, match="has no test called"):
        left(tmp_path, source, "T.M")
