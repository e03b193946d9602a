using Conduit.Data;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Conduit.Http;

/// <summary>Turns every way in which a request can fail into an answer, and logs what is our own fault (G3, G4, S7).</summary>
public sealed class Protection(RequestDelegate next, ILogger<Protection> log)
{
    public const long LargestBody = 1 << 20;

    private const long LargestDropped = 8 << 20;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (context.Request.ContentLength > LargestBody)
            {
                // Before anything is read (S8). Once the answer is sent, Kestrel drops the rest: a client
                // that is still sending would lose the answer with the connection (RFC 9112, 9.6).
                context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestDropped;
                throw TooLarge();
            }
            RequireReadable(context.Request);
            await NextAsync(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, error);
        }
    }

    /// <summary>A read may be asked again if its connection was dead.</summary>
    private async Task NextAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (HttpMethods.IsGet(context.Request.Method) && Database.IsBroken(error))
        {
            Source(context).Clear();
            await next(context);
        }
    }

    private static NpgsqlDataSource Source(HttpContext context) => context.RequestServices.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Refuses queries that are not text: invalid UTF-8, or NUL, which PostgreSQL cannot store.</summary>
    private static void RequireReadable(HttpRequest request)
    {
        var texts = request.Query.SelectMany(each => each.Value.Append(each.Key));
        if (texts.Any(each => each is not null && (each.Contains('\0') || each.Contains('\uFFFD'))))
        {
            throw Refusal.Invalid("query", "is not UTF-8 text");
        }
    }

    private Task AnswerAsync(HttpContext context, Exception error)
    {
        switch (error)
        {
            case Refusal refused:
                return Answers.WriteErrorsAsync(context, refused.Status, refused.Errors);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return AnswerAsync(context, TooLarge());
            case BadHttpRequestException:
                return Answers.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, "body", "ended too early");
            case OperationCanceledException:
            case var away when Database.IsUnavailable(away):
                log.LogWarning(error, "Answered 503 to {Method} {Path}", context.Request.Method, context.Request.Path);
                // The other idle connections are likely to be as dead as this one.
                Source(context).Clear();
                context.Response.Headers.RetryAfter = "1";
                return Answers.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "server", "is not available, please try again");
            default:
                log.LogError(error, "Answered 500 to {Method} {Path}", context.Request.Method, context.Request.Path);
                return Answers.WriteErrorAsync(context, StatusCodes.Status500InternalServerError, "server", "made a mistake");
        }
    }

    private static Refusal TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "body", $"is larger than {LargestBody} bytes");
}
