using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Conduit.Data;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;

namespace Conduit.Tests;

/// <summary>The server on a database of its own, which is made from DATABASE_URL and dropped again.</summary>
public sealed class Server : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly string _url = Environment.GetEnvironmentVariable("DATABASE_URL")
        ?? throw new InvalidOperationException("DATABASE_URL is not set");
    private readonly string _database = $"test_{Guid.NewGuid():N}";

    public Task InitializeAsync() => ExecuteAsync($"CREATE DATABASE {_database}");

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    public async Task<Person> SignUpAsync()
    {
        var name = $"u{Guid.NewGuid():N}"[..20];
        var client = CreateClient();
        var answer = await client.PostAsJsonAsync("/api/users", new { user = new { username = name, email = $"{name}@example.org", password = "correct horse" } });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("user").GetProperty("token").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        return new Person(name, client);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseSetting("DATABASE_URL", new UriBuilder(_url) { Path = _database }.Uri.ToString());

    private async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString(_url));
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Somebody who is signed in.</summary>
public sealed record Person(string Name, HttpClient Client)
{
    public async Task<string> PublishAsync(string title, params string[] tags)
    {
        var answer = await Client.PostAsJsonAsync("/api/articles", new { article = new { title, description = "d", body = "b", tagList = tags } });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("article").GetProperty("slug").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);
}
