using Conduit.Accounts;
using Conduit.Data;
using Conduit.Http;

namespace Conduit.Articles;

public static class ArticleEndpoints
{
    private const int MostTags = 1000;
    private static readonly Rule[] TitleRules = [Rules.AtMost(255), Rules.Filled];
    private static readonly Rule[] TagRules = [Rules.AtMost(64), Rules.Filled];

    public static void MapArticles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/articles", ListAsync);
        api.MapPost("/articles", PublishAsync);
        api.MapGet("/articles/feed", FeedAsync);
        api.MapGet("/articles/{slug}", async (string slug, Viewer viewer, ArticleStore articles) =>
            new ArticleAnswer(await articles.ReadAsync(slug, viewer.Id)));
        api.MapPut("/articles/{slug}", EditAsync);
        api.MapDelete("/articles/{slug}", async (string slug, Me me, ArticleStore articles) =>
        {
            await articles.DeleteAsync(slug, me.Id);
            return Results.NoContent();
        });
        api.MapPost("/articles/{slug}/favorite", async (string slug, Me me, ArticleStore articles) =>
            new ArticleAnswer(await articles.FavoriteAsync(slug, me.Id)));
        api.MapDelete("/articles/{slug}/favorite", async (string slug, Me me, ArticleStore articles) =>
            new ArticleAnswer(await articles.UnfavoriteAsync(slug, me.Id)));
    }

    private static Task<ArticlesAnswer> ListAsync(HttpRequest request, Viewer viewer, ConduitContext db, ArticleStore articles)
    {
        var page = Page.Of(request.Query);
        IQueryable<Article> matching = db.Articles;
        if (request.Query["tag"] is [{ } tag, ..])
        {
            matching = matching.Where(each => each.Tags.Any(one => one.Tag == tag));
        }
        if (request.Query["author"] is [{ } author, ..])
        {
            var ids = db.Users.Where(user => user.Username == author).Select(user => user.Id);
            matching = matching.Where(each => ids.Contains(each.AuthorId));
        }
        if (request.Query["favorited"] is [{ } fan, ..])
        {
            matching = matching.Where(each => each.Favorites.Any(mark => mark.User.Username == fan));
        }
        return articles.ListAsync(matching, page, viewer.Id);
    }

    private static Task<ArticlesAnswer> FeedAsync(HttpRequest request, Me me, ConduitContext db, ArticleStore articles)
    {
        var page = Page.Of(request.Query);
        var followed = db.Follows.Where(each => each.FollowerId == me.Id).Select(each => each.FollowedId);
        return articles.ListAsync(db.Articles.Where(each => followed.Contains(each.AuthorId)), page, me.Id);
    }

    private static async Task<IResult> PublishAsync(HttpRequest request, Me me, ArticleStore articles)
    {
        var form = await Form.ReadAsync(request, "article");
        var sent = new ArticleChange(
            form.Text("title", TitleRules),
            form.Text("description", Rules.Filled),
            form.Text("body", Rules.Filled),
            form.Texts("tagList", MostTags, TagRules));
        form.Check();
        var published = await articles.PublishAsync(me.User, sent);
        return Results.Json(new ArticleAnswer(published), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<ArticleAnswer> EditAsync(string slug, HttpRequest request, Me me, ArticleStore articles)
    {
        var form = await Form.ReadAsync(request, "article");
        var change = new ArticleChange(
            form.OptionalText("title", TitleRules),
            form.OptionalText("description", Rules.Filled),
            form.OptionalText("body", Rules.Filled),
            form.Texts("tagList", MostTags, TagRules));
        form.Check();
        return new ArticleAnswer(await articles.EditAsync(slug, me.Id, change));
    }
}
