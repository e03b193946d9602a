using Conduit.Data;
using Conduit.Http;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Articles;

/// <summary>What an article's author writes; null leaves a field as it is.</summary>
public sealed record ArticleChange(string? Title, string? Description, string? Body, IReadOnlyList<string>? Tags)
{
    public bool IsEmpty => Title is null && Description is null && Body is null && Tags is null;
}

/// <summary>Articles: publish, read, edit, delete, list, mark as a favourite (R1 to R9, L1 to L6, F1, F2).</summary>
public sealed class ArticleStore(ConduitContext db, TimeProvider time)
{
    public async Task<ArticleView> ReadAsync(string slug, long? viewer)
    {
        var found = await db.Articles.AsNoTracking().Where(each => each.Slug == slug)
            .Select(ArticleView.For(db, viewer, withBody: true)).SingleOrDefaultAsync();
        return (await WithTagsAsync([found ?? throw Refusal.Missing("article")]))[0];
    }

    /// <summary>A page of <paramref name="matching"/>, the latest first, and how many match in all.</summary>
    public async Task<ArticlesAnswer> ListAsync(IQueryable<Article> matching, Page page, long? viewer)
    {
        var total = await matching.CountAsync();
        if (page.Offset >= total)
        {
            return new ArticlesAnswer([], total);
        }
        var found = await matching.AsNoTracking()
            .OrderByDescending(each => each.CreatedAt).ThenByDescending(each => each.Id)
            .Skip((int)page.Offset).Take(page.Limit)
            .Select(ArticleView.For(db, viewer, withBody: false)).ToListAsync();
        return new ArticlesAnswer(await WithTagsAsync(found), total);
    }

    public async Task<ArticleView> PublishAsync(User author, ArticleChange sent)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var slug = await WithFreeSlugAsync(Slugs.Of(sent.Title!), async candidate =>
        {
            db.Articles.Add(new Article
            {
                AuthorId = author.Id,
                Slug = candidate,
                Title = sent.Title!,
                Description = sent.Description!,
                Body = sent.Body!,
                Tags = TagsOf(sent.Tags ?? []),
                CreatedAt = now,
                UpdatedAt = now,
            });
            await db.SaveChangesAsync(); // the article and its tags, or nothing
            return candidate;
        });
        return await ReadAsync(slug, author.Id);
    }

    /// <summary>Changes what was sent; a new title brings a new slug.</summary>
    public Task<ArticleView> EditAsync(string slug, long author, ArticleChange change) =>
        WithFreeSlugAsync(
            change.Title is null ? [slug] : Slugs.Of(change.Title),
            candidate => db.InTransactionAsync(async () =>
            {
                var article = await HoldAsync(slug);
                if (article.AuthorId != author)
                {
                    throw Refusal.Foreign("article");
                }
                if (!change.IsEmpty)
                {
                    if (change.Title is not null && change.Title != article.Title)
                    {
                        article.Slug = candidate;
                    }
                    await ApplyAsync(article, change);
                }
                return await ReadAsync(article.Slug, author);
            }));

    public async Task DeleteAsync(string slug, long author)
    {
        var here = db.Articles.Where(each => each.Slug == slug);
        if (await here.Where(each => each.AuthorId == author).ExecuteDeleteAsync() == 0)
        {
            var isForeign = await here.AnyAsync(each => each.AuthorId != author);
            throw isForeign ? Refusal.Foreign("article") : Refusal.Missing("article");
        }
    }

    /// <summary>Marks an article, once or again.</summary>
    public Task<ArticleView> FavoriteAsync(string slug, long user) => MarkAsync(slug, user, article =>
        db.Database.ExecuteSqlAsync(
            $"INSERT INTO favorites (article_id, user_id) VALUES ({article}, {user}) ON CONFLICT DO NOTHING"));

    /// <summary>Takes the mark back, once or again.</summary>
    public Task<ArticleView> UnfavoriteAsync(string slug, long user) => MarkAsync(slug, user, article =>
        db.Favorites.Where(each => each.ArticleId == article && each.UserId == user).ExecuteDeleteAsync());

    /// <summary>
    /// Holds the article while its mark changes, so that the answer shows the count as this change left it, and an
    /// article that is being deleted is gone for us too.
    /// </summary>
    private Task<ArticleView> MarkAsync(string slug, long user, Func<long, Task<int>> change) =>
        db.InTransactionAsync(async () =>
        {
            await change((await HoldAsync(slug)).Id);
            return await ReadAsync(slug, user);
        });

    /// <summary>The article, held until the transaction ends.</summary>
    private async Task<Article> HoldAsync(string slug)
    {
        var found = await db.Articles.FromSql($"SELECT * FROM articles WHERE slug = {slug} FOR UPDATE").SingleOrDefaultAsync();
        return found ?? throw Refusal.Missing("article");
    }

    private async Task ApplyAsync(Article article, ArticleChange change)
    {
        article.Title = change.Title ?? article.Title;
        article.Description = change.Description ?? article.Description;
        article.Body = change.Body ?? article.Body;
        // It always moves by what an answer can show, that is a millisecond (R6).
        var (now, least) = (time.GetUtcNow().UtcDateTime, article.UpdatedAt.AddMilliseconds(1));
        article.UpdatedAt = now > least ? now : least;
        if (change.Tags is not null)
        {
            await db.ArticleTags.Where(each => each.ArticleId == article.Id).ExecuteDeleteAsync();
            article.Tags.AddRange(TagsOf(change.Tags));
        }
        await db.SaveChangesAsync();
    }

    /// <summary>
    /// Takes a slug by storing it: if the database says that somebody has it already, everything is undone and tried
    /// again with the next one.
    /// </summary>
    private async Task<T> WithFreeSlugAsync<T>(IEnumerable<string> candidates, Func<string, Task<T>> store)
    {
        foreach (var each in candidates)
        {
            try
            {
                return await store(each);
            }
            catch (DbUpdateException error) when (Database.Violated(error) == ConduitContext.SlugTaken)
            {
                db.ChangeTracker.Clear();
            }
        }
        throw new InvalidOperationException("no free slug in as many random attempts");
    }

    private async Task<List<ArticleView>> WithTagsAsync(List<ArticleView> articles)
    {
        var ids = articles.ConvertAll(each => each.Id);
        var tags = await db.ArticleTags.AsNoTracking().Where(each => ids.Contains(each.ArticleId))
            .OrderBy(each => each.Position).ToListAsync();
        var byArticle = tags.ToLookup(each => each.ArticleId, each => each.Tag);
        return articles.ConvertAll(each => each with { TagList = [.. byArticle[each.Id]] });
    }

    private static List<ArticleTag> TagsOf(IReadOnlyList<string> tags) =>
        [.. tags.Select((tag, position) => new ArticleTag { Tag = tag, Position = position })];
}
