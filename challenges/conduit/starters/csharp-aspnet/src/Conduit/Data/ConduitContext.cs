using Microsoft.EntityFrameworkCore;

namespace Conduit.Data;

public sealed class ConduitContext(DbContextOptions<ConduitContext> options) : DbContext(options)
{
    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<Tag>().HasKey(tag => tag.Name);
}

public sealed class Tag
{
    public required string Name { get; init; }
}
