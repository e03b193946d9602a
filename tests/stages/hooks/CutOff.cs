using System.Text.Json;
using System.Text.RegularExpressions;

/// <summary>C#: answers 404 or 405 to the operations in $CUT_OFF, in any server of ASP.NET Core.</summary>
public static class CutOff
{
    private const string Body = """{"errors": {"path": ["not found"]}}""";

    public static WebApplication From(WebApplication app)
    {
        var operations = Read<string[][]>("CUT_OFF");
        var known = Read<string[]>("CUT_OFF_KNOWN");
        app.Use(async (context, next) =>
        {
            var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
            if (!operations.Any(each => each[0] == (HttpMethods.IsHead(method) ? "GET" : method) && Fits(each[1], path)))
            {
                await next(context);
                return;
            }
            context.Response.StatusCode = known.Any(each => Fits(each, path)) ? 405 : 404;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Body.Length;
            if (!HttpMethods.IsHead(method))
            {
                await context.Response.WriteAsync(Body);
            }
        });
        return app;
    }

    private static bool Fits(string pattern, string path) => Regex.IsMatch(path, $"^(?:{pattern})\\z");

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(Environment.GetEnvironmentVariable(name)!)!;
}
