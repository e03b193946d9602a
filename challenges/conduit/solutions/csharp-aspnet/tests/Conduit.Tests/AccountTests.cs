using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Conduit.Tests;

public class AccountTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task AddressIsTheSameInCapitals()
    {
        var person = await server.SignUpAsync();
        var user = new { email = $" {person.Name.ToUpperInvariant()}@EXAMPLE.org ", password = "correct horse" };
        var answer = await server.CreateClient().PostAsJsonAsync("/api/users/login", new { user });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task TakenNameIsRefused()
    {
        var person = await server.SignUpAsync();
        var user = new { username = person.Name, email = $"{Guid.NewGuid():N}@example.org", password = "correct horse" };
        var answer = await server.CreateClient().PostAsJsonAsync("/api/users", new { user });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("\"username\"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task NewPasswordEndsOldTokens()
    {
        var person = await server.SignUpAsync();
        await person.Client.PutAsJsonAsync("/api/user", new { user = new { password = "battery staple" } });
        Assert.Equal(HttpStatusCode.Unauthorized, (await person.Client.GetAsync("/api/user")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"user\": null}")]
    [InlineData("{\"user\": {\"bio\": \"\\ud800\"}}")]
    public async Task BodyThatMakesNoSenseIsRefused(string body)
    {
        var person = await server.SignUpAsync();
        var answer = await person.Client.PutAsync("/api/user", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }
}
