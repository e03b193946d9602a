using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conduit.Http;

/// <summary>How answers are written: UTF-8 as it is, times in UTC with milliseconds (G1, G5).</summary>
public static class Answers
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // JSON, never part of a page
        options.Converters.Add(new UtcTime());
    }

    public static Task WriteErrorsAsync(HttpContext context, int status, IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Token";
        }
        return context.Response.WriteAsJsonAsync(new { errors });
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string topic, string message) =>
        WriteErrorsAsync(context, status, new Dictionary<string, IReadOnlyList<string>> { [topic] = [message] });

    private sealed class UtcTime : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("clients send no times");

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
