using Conduit.Data;
using Microsoft.EntityFrameworkCore;

namespace Conduit.Tags;

public sealed record TagsResponse(List<string> Tags);

public static class TagEndpoints
{
    public static void MapTags(this IEndpointRouteBuilder api) => api.MapGet("/tags", ListAsync);

    private static async Task<TagsResponse> ListAsync(ConduitContext db) =>
        new(await db.Tags.Select(tag => tag.Name).OrderBy(name => name).ToListAsync());
}
