using Conduit.Accounts;
using Conduit.Articles;
using Conduit.Comments;
using Conduit.Data;
using Conduit.Http;
using Conduit.Profiles;
using Conduit.Tags;
using Microsoft.EntityFrameworkCore;
using Npgsql;

const int ShortestSecret = 32; // bytes; RFC 7518, section 3.2, for HS256

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders().AddJsonConsole();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = Protection.LargestBody;
    kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
});
// The brief gives 10 seconds from SIGTERM to the end (V3); what is left is for closing the pool.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
builder.Services.ConfigureHttpJsonOptions(json => Answers.Configure(json.SerializerOptions));

var url = builder.Configuration["DATABASE_URL"]
    ?? throw new InvalidOperationException("DATABASE_URL is not set: give the address of a PostgreSQL database");
builder.Services.AddNpgsqlDataSource(Database.ConnectionString(url));
builder.Services.AddDbContextPool<ConduitContext>((services, options) => options
    .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
    .UseSnakeCaseNamingConvention());
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Passwords>();
builder.Services.AddScoped<ArticleStore>();
builder.Services.AddSingleton(services => new Tokens(Secret(services), services.GetRequiredService<TimeProvider>()));

var app = builder.Build();
app.UseMiddleware<Protection>();
app.UseStatusCodePages(pages =>
{
    var context = pages.HttpContext;
    return context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? Answers.WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "method", "is not allowed here")
        : Answers.WriteErrorAsync(context, context.Response.StatusCode, "path", "does not exist");
});
var api = app.MapGroup("/api");
api.MapAccounts();
api.MapProfiles();
api.MapArticles();
api.MapComments();
api.MapTags();

await Database.MigrateAsync(app.Services, app.Lifetime.ApplicationStopping);
app.Services.GetRequiredService<Tokens>();
await app.RunAsync();

// Without JWT_SECRET all copies of the server share a key that the first one leaves in the database.
static string Secret(IServiceProvider services)
{
    if (services.GetRequiredService<IConfiguration>()["JWT_SECRET"] is { Length: > 0 } secret)
    {
        return secret.Length >= ShortestSecret ? secret
            : throw new InvalidOperationException($"JWT_SECRET is too short: give at least {ShortestSecret} bytes");
    }
    using var scope = services.CreateScope();
    return Tokens.SharedSecretAsync(scope.ServiceProvider.GetRequiredService<ConduitContext>()).GetAwaiter().GetResult();
}

public partial class Program;
