using Conduit.Data;
using Conduit.Http;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Accounts;

/// <summary>Who asks; nobody for a stranger. A token that is not good is refused (S2).</summary>
public sealed record Viewer(User? User)
{
    private const string Scheme = "Token ";

    public long? Id => User?.Id;

    public static async ValueTask<Viewer?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return new Viewer(User: null);
        }
        var text = header[0] ?? "";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.UnknownAsker();
        }
        var tokens = context.RequestServices.GetRequiredService<Tokens>();
        var bearer = await tokens.ReadAsync(text[Scheme.Length..].Trim()) ?? throw Refusal.UnknownAsker();
        var db = context.RequestServices.GetRequiredService<ConduitContext>();
        var user = await db.ReadAsync(() => db.Users.AsNoTracking().SingleOrDefaultAsync(each => each.Id == bearer.AccountId));
        return user?.TokenVersion == bearer.Version ? new Viewer(user) : throw Refusal.UnknownAsker();
    }
}

/// <summary>Who asks, where strangers are refused.</summary>
public sealed record Me(User User)
{
    public long Id => User.Id;

    public static async ValueTask<Me?> BindAsync(HttpContext context)
    {
        var viewer = await Viewer.BindAsync(context);
        return viewer?.User is { } user ? new Me(user) : throw Refusal.UnknownAsker();
    }
}
