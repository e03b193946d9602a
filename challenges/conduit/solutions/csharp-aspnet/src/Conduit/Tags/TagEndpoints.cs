using Conduit.Data;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Tags;

public sealed record TagsAnswer(IReadOnlyList<string> Tags);

/// <summary>The tags in use (T1, T2).</summary>
public static class TagEndpoints
{
    public static void MapTags(this IEndpointRouteBuilder api) =>
        api.MapGet("/tags", async (ConduitContext db) => new TagsAnswer(await InUse(db).ToListAsync()));

    /// <summary>
    /// Jumps along the index from one tag to the next, so that the work grows with the number of tags and not with
    /// the number of articles that have them.
    /// </summary>
    private static IQueryable<string> InUse(ConduitContext db) => db.Database.SqlQuery<string>($"""
        WITH RECURSIVE in_use AS (
            SELECT min(tag) AS tag FROM article_tags
            UNION ALL
            SELECT (SELECT min(tag) FROM article_tags WHERE tag > in_use.tag) FROM in_use WHERE in_use.tag IS NOT NULL
        )
        SELECT tag AS "Value" FROM in_use WHERE tag IS NOT NULL
        """);
}
