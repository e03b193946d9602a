using Microsoft.AspNetCore.Http.Features;

namespace Conduit.Profiles;

/// <summary>
/// The name in <c>/api/profiles/{name}</c>, decoded exactly once. Routing leaves <c>%2F</c> as it is, which then looks
/// like a name that has these signs in it.
/// </summary>
public sealed record ProfileName(string Text)
{
    private const int Segment = 3; // of "", "api", "profiles", "{name}"

    public static ValueTask<ProfileName?> BindAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var parts = target.Split('?')[0].Split('/');
        var isPath = target.StartsWith('/') && parts.Length > Segment;
        var name = isPath ? Uri.UnescapeDataString(parts[Segment]) : (string?)context.GetRouteValue("username");
        return ValueTask.FromResult<ProfileName?>(new ProfileName(name ?? ""));
    }
}
