using Conduit.Data;
using Conduit.Http;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Accounts;

public sealed record AccountAnswer(AccountAnswer.Account User)
{
    public sealed record Account(string Username, string Email, string Token, string? Bio, string? Image);
}

/// <summary>Register, sign in, see and change an account (A1 to A12).</summary>
public static class AccountEndpoints
{
    private static readonly Rule[] UsernameRules = [Rules.AtMost(64), Rules.Filled];
    private static readonly Rule[] PasswordRules = [Rules.AtLeast(8), Rules.AtMost(64), Rules.Filled];
    private static readonly Rule[] EmailRules = [Rules.Trimmed(Rules.AtMost(254)), Rules.Address];

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users", RegisterAsync);
        api.MapPost("/users/login", SignInAsync);
        api.MapGet("/user", (Me me, Tokens tokens) => Answer(me.User, tokens));
        api.MapPut("/user", ChangeAsync);
    }

    private static async Task<IResult> RegisterAsync(HttpRequest request, ConduitContext db, Passwords passwords, Tokens tokens)
    {
        var form = await Form.ReadAsync(request, "user");
        var username = form.Text("username", UsernameRules);
        var email = form.Text("email", EmailRules).Trim();
        var password = form.Text("password", PasswordRules);
        form.Check();
        var user = new User
        {
            Username = username,
            Email = email,
            EmailKey = KeyOf(email),
            PasswordHash = await passwords.HashAsync(password, request.HttpContext.RequestAborted),
            TokenVersion = 1,
        };
        await db.ReachAsync();
        db.Users.Add(user);
        await RefuseTakenAsync(() => db.SaveChangesAsync());
        return Results.Json(Answer(user, tokens), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<AccountAnswer> SignInAsync(HttpRequest request, ConduitContext db, Passwords passwords, Tokens tokens)
    {
        var form = await Form.ReadAsync(request, "user");
        var key = KeyOf(form.Text("email"));
        var password = form.Text("password");
        form.Check();
        var user = await db.ReadAsync(() => db.Users.AsNoTracking().SingleOrDefaultAsync(each => each.EmailKey == key));
        var isRight = await passwords.VerifyAsync(user?.PasswordHash, password, request.HttpContext.RequestAborted);
        // The same words whether the address or the password is wrong (A4).
        return isRight ? Answer(user!, tokens)
            : throw new Refusal(StatusCodes.Status401Unauthorized, "email or password", "is not right");
    }

    private static async Task<AccountAnswer> ChangeAsync(HttpRequest request, Me me, ConduitContext db, Passwords passwords, Tokens tokens)
    {
        var form = await Form.ReadAsync(request, "user");
        var username = form.OptionalText("username", UsernameRules);
        var email = form.OptionalText("email", EmailRules)?.Trim();
        var bio = form.ClearableText("bio");
        var image = form.ClearableText("image");
        var password = form.OptionalText("password", PasswordRules);
        form.Check();
        if (username is null && email is null && password is null && !bio.Sent && !image.Sent)
        {
            return Answer(me.User, tokens);
        }
        var hash = password is null ? null : await passwords.HashAsync(password, request.HttpContext.RequestAborted);
        // One statement, so that two changes at once both stay; the row is held until it was read (M1).
        return await RefuseTakenAsync(() => db.InTransactionAsync(async () =>
        {
            await db.Users.Where(each => each.Id == me.Id).ExecuteUpdateAsync(change =>
            {
                if (username is not null)
                {
                    change.SetProperty(each => each.Username, username);
                }
                if (email is not null)
                {
                    change.SetProperty(each => each.Email, email).SetProperty(each => each.EmailKey, KeyOf(email));
                }
                if (hash is not null)
                {
                    change.SetProperty(each => each.PasswordHash, hash)
                        .SetProperty(each => each.TokenVersion, each => each.TokenVersion + 1);
                }
                if (bio.Sent)
                {
                    change.SetProperty(each => each.Bio, bio.Text);
                }
                if (image.Sent)
                {
                    change.SetProperty(each => each.Image, image.Text);
                }
            });
            var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(each => each.Id == me.Id);
            return Answer(user ?? throw Refusal.UnknownAsker(), tokens);
        }));
    }

    private static AccountAnswer Answer(User user, Tokens tokens) =>
        new(new AccountAnswer.Account(user.Username, user.Email, tokens.Issue(user), user.Bio, user.Image));

    /// <summary>What two spellings of one address have in common (A5).</summary>
    private static string KeyOf(string email) => email.Trim().ToLowerInvariant();

    private static async Task<T> RefuseTakenAsync<T>(Func<Task<T>> store)
    {
        try
        {
            return await store();
        }
        catch (Exception error) when (Database.Violated(error) == ConduitContext.UsernameTaken)
        {
            throw Refusal.Taken("username");
        }
        catch (Exception error) when (Database.Violated(error) == ConduitContext.EmailTaken)
        {
            throw Refusal.Taken("email");
        }
    }
}
