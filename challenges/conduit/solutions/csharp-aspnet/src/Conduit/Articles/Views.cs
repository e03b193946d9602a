using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Conduit.Data;
using Conduit.Profiles;

namespace Conduit.Articles;

/// <summary>An article as the one who asks sees it. Lists leave the body out.</summary>
public sealed record ArticleView(
    [property: JsonIgnore] long Id,
    string Slug,
    string Title,
    string Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    bool Favorited,
    int FavoritesCount,
    Profile Author)
{
    public IReadOnlyList<string> TagList { get; init; } = [];

    /// <summary>How an article is read, for one who asks; its tags are read apart (W1).</summary>
    public static Expression<Func<Article, ArticleView>> For(ConduitContext db, long? viewer, bool withBody) =>
        each => new ArticleView(
            each.Id,
            each.Slug,
            each.Title,
            each.Description,
            withBody ? each.Body : null,
            each.CreatedAt,
            each.UpdatedAt,
            each.Favorites.Any(mark => mark.UserId == viewer),
            each.Favorites.Count,
            new Profile(each.Author.Username, each.Author.Bio, each.Author.Image,
                db.Follows.Any(follow => follow.FollowerId == viewer && follow.FollowedId == each.AuthorId)));
}

public sealed record ArticleAnswer(ArticleView Article);

public sealed record ArticlesAnswer(IReadOnlyList<ArticleView> Articles, int ArticlesCount);
