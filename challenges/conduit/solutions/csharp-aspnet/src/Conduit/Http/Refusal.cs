namespace Conduit.Http;

/// <summary>Tells a client why a request is not granted: the status, and what is wrong by field or topic (G3).</summary>
public sealed class Refusal(int status, IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
    : Exception($"refused with {status}")
{
    public int Status => status;
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors => errors;

    public Refusal(int status, string topic, string message)
        : this(status, new Dictionary<string, IReadOnlyList<string>> { [topic] = [message] })
    {
    }

    public static Refusal Invalid(string topic, string message) =>
        new(StatusCodes.Status422UnprocessableEntity, topic, message);

    public static Refusal Taken(string field) => Invalid(field, "has already been taken");

    public static Refusal Missing(string thing) => new(StatusCodes.Status404NotFound, thing, "does not exist");

    public static Refusal Foreign(string thing) =>
        new(StatusCodes.Status403Forbidden, thing, "belongs to someone else");

    public static Refusal UnknownAsker() =>
        new(StatusCodes.Status401Unauthorized, "token", "is missing or not valid, please sign in");
}
