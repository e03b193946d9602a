using System.Globalization;
using Conduit.Accounts;
using Conduit.Data;
using Conduit.Http;
using Conduit.Profiles;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Comments;

public sealed record CommentView(long Id, DateTime CreatedAt, DateTime UpdatedAt, string Body, Profile Author);

public sealed record CommentAnswer(CommentView Comment);

public sealed record CommentsAnswer(IReadOnlyList<CommentView> Comments);

/// <summary>What people write under articles (C1 to C4).</summary>
public static class CommentEndpoints
{
    private const string OfArticle = "fk_comments_articles_article_id";

    public static void MapComments(this IEndpointRouteBuilder api)
    {
        api.MapGet("/articles/{slug}/comments", ListAsync);
        api.MapPost("/articles/{slug}/comments", AddAsync);
        api.MapDelete("/articles/{slug}/comments/{id}", DeleteAsync);
    }

    private static async Task<CommentsAnswer> ListAsync(string slug, Viewer viewer, ConduitContext db)
    {
        var article = await FindAsync(db, slug);
        var found = await db.Comments.Where(each => each.ArticleId == article).OrderBy(each => each.Id)
            .Select(each => new CommentView(each.Id, each.CreatedAt, each.UpdatedAt, each.Body,
                new Profile(each.Author.Username, each.Author.Bio, each.Author.Image,
                    db.Follows.Any(follow => follow.FollowerId == viewer.Id && follow.FollowedId == each.AuthorId))))
            .ToListAsync();
        return new CommentsAnswer(found);
    }

    private static async Task<IResult> AddAsync(string slug, HttpRequest request, Me me, ConduitContext db, TimeProvider time)
    {
        var form = await Form.ReadAsync(request, "comment");
        var body = form.Text("body", Rules.Filled);
        form.Check();
        var now = time.GetUtcNow().UtcDateTime;
        var comment = new Comment
        {
            ArticleId = await FindAsync(db, slug),
            AuthorId = me.Id,
            Body = body,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Comments.Add(comment);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException error) when (Database.Violated(error) == OfArticle)
        {
            throw Refusal.Missing("article");
        }
        var author = new Profile(me.User.Username, me.User.Bio, me.User.Image, Following: false);
        return Results.Json(new CommentAnswer(new CommentView(comment.Id, now, now, body, author)), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(string slug, string id, Me me, ConduitContext db)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw Refusal.Missing("comment");
        }
        var here = db.Comments.Where(each => each.Id == number && each.Article.Slug == slug);
        if (await here.Where(each => each.AuthorId == me.Id).ExecuteDeleteAsync() == 0)
        {
            var isForeign = await here.AnyAsync(each => each.AuthorId != me.Id);
            throw isForeign ? Refusal.Foreign("comment") : Refusal.Missing("comment");
        }
        return Results.NoContent();
    }

    private static async Task<long> FindAsync(ConduitContext db, string slug)
    {
        var found = await db.Articles.Where(each => each.Slug == slug).Select(each => (long?)each.Id).SingleOrDefaultAsync();
        return found ?? throw Refusal.Missing("article");
    }
}
