using Counters.Api;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<CounterStore>();
builder.Services.Configure<RouteHandlerOptions>(each => each.ThrowOnBadRequest = true);
var app = builder.Build();

app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = error => error is BadHttpRequestException ? 422 : 500,
    ExceptionHandler = context => context.Response.WriteAsJsonAsync(new { error = "it makes no sense" }),
});

app.MapPost("/counters", (NewCounter sent, CounterStore counters) =>
{
    if (sent.Counter?.Name is not { } name)
    {
        return Results.UnprocessableEntity(new { error = "a name is text" });
    }
    return counters.Make(name)
        ? Results.Json(new { counter = new Counter(name, 0) }, statusCode: 201)
        : Results.UnprocessableEntity(new { error = "the name is taken" });
});
app.MapGet("/counters", (CounterStore counters) => new { counters = counters.List() });
app.MapGet("/counters/{name}", (string name, CounterStore counters) => Shown(name, counters.Find(name)));
app.MapPost("/counters/{name}/up", (string name, CounterStore counters) => Shown(name, counters.Up(name)));
app.Run();

static IResult Shown(string name, int? value) => value is { } found
    ? Results.Ok(new { counter = new Counter(name, found) })
    : Results.NotFound(new { error = "nothing is here" });

public partial class Program;
