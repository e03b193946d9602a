using Conduit.Accounts;
using Conduit.Data;
using Conduit.Http;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Profiles;

/// <summary>A person as the one who asks sees them (P1, P3).</summary>
public sealed record Profile(string Username, string? Bio, string? Image, bool Following);

public sealed record ProfileAnswer(Profile Profile);

/// <summary>See, follow and leave people.</summary>
public static class ProfileEndpoints
{
    public static void MapProfiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/profiles/{username}", SeeAsync);
        api.MapPost("/profiles/{username}/follow", FollowAsync);
        api.MapDelete("/profiles/{username}/follow", LeaveAsync);
    }

    private static async Task<ProfileAnswer> SeeAsync(ProfileName name, Viewer viewer, ConduitContext db) =>
        new((await FindAsync(db, name.Text, viewer.Id)).Profile);

    private static async Task<ProfileAnswer> FollowAsync(ProfileName name, Me me, ConduitContext db)
    {
        var (id, profile) = await FindAsync(db, name.Text, me.Id);
        if (id == me.Id)
        {
            throw Refusal.Invalid("username", "is your own: nobody follows themselves");
        }
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO follows (follower_id, followed_id) VALUES ({me.Id}, {id}) ON CONFLICT DO NOTHING");
        return new ProfileAnswer(profile with { Following = true });
    }

    private static async Task<ProfileAnswer> LeaveAsync(ProfileName name, Me me, ConduitContext db)
    {
        var (id, profile) = await FindAsync(db, name.Text, me.Id);
        await db.Follows.Where(each => each.FollowerId == me.Id && each.FollowedId == id).ExecuteDeleteAsync();
        return new ProfileAnswer(profile with { Following = false });
    }

    private static async Task<(long Id, Profile Profile)> FindAsync(ConduitContext db, string username, long? viewer)
    {
        var found = await db.Users.Where(each => each.Username == username)
            .Select(each => new
            {
                each.Id,
                Profile = new Profile(each.Username, each.Bio, each.Image,
                    db.Follows.Any(follow => follow.FollowerId == viewer && follow.FollowedId == each.Id)),
            })
            .SingleOrDefaultAsync();
        return found is null ? throw Refusal.Missing("profile") : (found.Id, found.Profile);
    }
}
