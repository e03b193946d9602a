using System.Net.Http.Json;
using Conduit.Tags;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Conduit.Tests;

/// <summary>An example: start the server in this process, and ask it as a client would.</summary>
public sealed class TagTests(WebApplicationFactory<Program> server) : IClassFixture<WebApplicationFactory<Program>>
{
    [Fact]
    public async Task ThereAreNoTagsYet()
    {
        var answer = await server.CreateClient().GetFromJsonAsync<TagsResponse>("/api/tags");
        Assert.Empty(answer!.Tags);
    }
}
