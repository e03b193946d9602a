using Conduit.Articles;

namespace Conduit.Tests;

public class SlugTests
{
    [Theory]
    [InlineData("How to train", "how-to-train")]
    [InlineData("  ... What?! ", "what")]
    [InlineData("你好", "")]
    public void PlainSlug(string title, string slug) => Assert.Equal(slug, Slugs.Plain(title));

    [Fact]
    public void AddressOfOursIsNoSlug() => Assert.DoesNotContain("feed", Slugs.Of("Feed"));
}
