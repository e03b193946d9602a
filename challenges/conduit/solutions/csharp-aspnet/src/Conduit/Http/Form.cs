using System.Text;
using System.Text.Json;

namespace Conduit.Http;

/// <summary>
/// The object in the body of a request. It is read field by field, gathers what is wrong with each, and
/// <see cref="Check"/> says it all at the end. Unlike a bound type it tells null from absent.
/// </summary>
public sealed class Form
{
    private const string JsonType = "application/json";
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly Dictionary<string, IReadOnlyList<string>> _errors = [];

    private Form(Dictionary<string, JsonElement> fields) => _fields = fields;

    /// <summary>Reads the body <c>{"name": {...}}</c>.</summary>
    public static async Task<Form> ReadAsync(HttpRequest request, string name)
    {
        RequireJson(request);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        try
        {
            var text = Utf8.GetString(body.GetBuffer(), 0, (int)body.Length);
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Refusal.Invalid("body", "must be an object");
            }
            if (!root.TryGetProperty(name, out var fields) || fields.ValueKind != JsonValueKind.Object)
            {
                throw Refusal.Invalid(name, "must be an object");
            }
            var read = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var each in fields.Clone().EnumerateObject()) // a clone outlives the document
            {
                read[each.Name] = each.Value;
            }
            return new Form(read);
        }
        catch (DecoderFallbackException)
        {
            throw Refusal.Invalid("body", "is not UTF-8 text");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Refusal.Invalid("body", "is not valid JSON");
        }
    }

    /// <summary>Refuses other formats. A body that does not say what it is, is taken for JSON.</summary>
    private static void RequireJson(HttpRequest request)
    {
        var isJson = string.IsNullOrEmpty(request.ContentType) || request.HasJsonContentType();
        var charset = request.GetTypedHeaders().ContentType?.Charset.Value?.Trim('"');
        if (!isJson || (!string.IsNullOrEmpty(charset) && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw new Refusal(StatusCodes.Status415UnsupportedMediaType, "content-type", $"must be {JsonType} in UTF-8");
        }
        var coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new Refusal(StatusCodes.Status415UnsupportedMediaType, "content-encoding", "must be identity");
        }
    }

    /// <summary>Refuses the request if anything was wrong.</summary>
    public void Check()
    {
        if (_errors.Count > 0)
        {
            throw new Refusal(StatusCodes.Status422UnprocessableEntity, _errors);
        }
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A text that must be there.</summary>
    public string Text(string name, params Rule[] rules)
    {
        if (_fields.TryGetValue(name, out var value))
        {
            return Checked(name, value, rules);
        }
        Refuse(name, "is required");
        return "";
    }

    /// <summary>A text that may be left out; null if it is.</summary>
    public string? OptionalText(string name, params Rule[] rules) =>
        _fields.TryGetValue(name, out var value) ? Checked(name, value, rules) : null;

    /// <summary>A text that may also be null, and whether it was sent.</summary>
    public (bool Sent, string? Text) ClearableText(string name)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return (false, null);
        }
        return (true, value.ValueKind == JsonValueKind.Null ? null : Checked(name, value, []));
    }

    /// <summary>A list of texts, each once and in their order; null if it is left out.</summary>
    public IReadOnlyList<string>? Texts(string name, int most, params Rule[] rules)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, "must be a list");
            return [];
        }
        if (value.GetArrayLength() > most)
        {
            Refuse(name, $"must have at most {most} entries");
            return [];
        }
        return [.. value.EnumerateArray().Select(each => Checked(name, each, rules)).Distinct(StringComparer.Ordinal)];
    }

    private string Checked(string name, JsonElement value, IEnumerable<Rule> rules)
    {
        if (value.ValueKind != JsonValueKind.String || Read(value) is not { } text)
        {
            Refuse(name, "must be text");
            return "";
        }
        if (text.Contains('\0'))
        {
            Refuse(name, "must not contain NUL characters");
            return "";
        }
        if (rules.Select(rule => rule(text)).FirstOrDefault(wrong => wrong is not null) is { } message)
        {
            Refuse(name, message);
        }
        return text;
    }

    /// <summary>The text, or null if it escapes half of a surrogate pair, which stands for no character.</summary>
    private static string? Read(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Refuse(string name, string message) => _errors[name] = [message];
}

/// <summary>Says what is wrong with a text, or null.</summary>
public delegate string? Rule(string text);

/// <summary>Rules count characters, neither bytes nor halves of surrogate pairs (A11).</summary>
public static class Rules
{
    public static readonly Rule Filled = text => string.IsNullOrWhiteSpace(text) ? "must not be blank" : null;

    public static readonly Rule Address = text =>
    {
        var at = text.LastIndexOf('@');
        var isAddress = at >= 0 && !string.IsNullOrWhiteSpace(text[..at]) && !string.IsNullOrWhiteSpace(text[(at + 1)..]);
        return isAddress ? null : "needs an @ with something on both sides";
    };

    public static Rule AtMost(int most) =>
        text => Length(text) > most ? $"must have at most {most} characters" : null;

    public static Rule AtLeast(int least) =>
        text => Length(text) < least ? $"must have at least {least} characters" : null;

    public static Rule Trimmed(Rule rule) => text => rule(text.Trim());

    private static int Length(string text) => text.EnumerateRunes().Count();
}
