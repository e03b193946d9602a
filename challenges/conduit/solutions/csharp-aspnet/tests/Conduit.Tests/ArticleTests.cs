using System.Net;
using System.Net.Http.Json;

namespace Conduit.Tests;

public class ArticleTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task TagsComeBackInTheirOrder()
    {
        var author = await server.SignUpAsync();
        var slug = await author.PublishAsync("Tags", "zebra", "ant", "zebra");
        var article = (await author.GetAsync($"/api/articles/{slug}")).GetProperty("article");
        Assert.Equal(["zebra", "ant"], article.GetProperty("tagList").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task TitleMayBeUsedAgain()
    {
        var author = await server.SignUpAsync();
        Assert.NotEqual(await author.PublishAsync("Again"), await author.PublishAsync("Again"));
    }

    [Fact]
    public async Task OnlyTheAuthorMayEdit()
    {
        var (author, stranger) = (await server.SignUpAsync(), await server.SignUpAsync());
        var slug = await author.PublishAsync("Mine");
        var answer = await stranger.Client.PutAsJsonAsync($"/api/articles/{slug}", new { article = new { body = "yours" } });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task FavouritesCountPeople()
    {
        var (author, fan) = (await server.SignUpAsync(), await server.SignUpAsync());
        var slug = await author.PublishAsync("Liked");
        await fan.Client.PostAsync($"/api/articles/{slug}/favorite", null);
        await fan.Client.PostAsync($"/api/articles/{slug}/favorite", null);
        var article = (await author.GetAsync($"/api/articles/{slug}")).GetProperty("article");
        Assert.Equal(1, article.GetProperty("favoritesCount").GetInt32());
        Assert.False(article.GetProperty("favorited").GetBoolean());
    }

    [Fact]
    public async Task PagesAreWhole()
    {
        var author = await server.SignUpAsync();
        for (var each = 0; each < 5; each++)
        {
            await author.PublishAsync($"Page {each}");
        }
        var list = await author.GetAsync($"/api/articles?author={author.Name}&limit=2&offset=4");
        Assert.Equal(5, list.GetProperty("articlesCount").GetInt32());
        Assert.Single(list.GetProperty("articles").EnumerateArray());
    }

    [Fact]
    public async Task DeletedArticleTakesItsCommentsAlong()
    {
        var author = await server.SignUpAsync();
        var slug = await author.PublishAsync("Gone");
        await author.Client.PostAsJsonAsync($"/api/articles/{slug}/comments", new { comment = new { body = "c" } });
        Assert.Equal(HttpStatusCode.NoContent, (await author.Client.DeleteAsync($"/api/articles/{slug}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await author.Client.GetAsync($"/api/articles/{slug}/comments")).StatusCode);
    }
}
