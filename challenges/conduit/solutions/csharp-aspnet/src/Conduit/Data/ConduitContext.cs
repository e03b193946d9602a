using Microsoft.EntityFrameworkCore;

namespace Conduit.Data;

/// <summary>The database. That names are unique is its word (A2, R2, M1), and so is what goes with what.</summary>
public sealed class ConduitContext(DbContextOptions<ConduitContext> options) : DbContext(options)
{
    public const string UsernameTaken = "ix_users_username";
    public const string EmailTaken = "ix_users_email_key";
    public const string SlugTaken = "ix_articles_slug";

    public DbSet<User> Users => Set<User>();
    public DbSet<Article> Articles => Set<Article>();
    public DbSet<ArticleTag> ArticleTags => Set<ArticleTag>();
    public DbSet<Favorite> Favorites => Set<Favorite>();
    public DbSet<Follow> Follows => Set<Follow>();
    public DbSet<Comment> Comments => Set<Comment>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.HasIndex(each => each.Username).IsUnique();
            user.HasIndex(each => each.EmailKey).IsUnique();
            user.Property(each => each.TokenVersion).HasDefaultValue(1);
        });
        model.Entity<Article>(article =>
        {
            article.HasIndex(each => each.Slug).IsUnique();
            article.HasIndex(each => new { each.CreatedAt, each.Id }).IsDescending();
            article.HasIndex(each => new { each.AuthorId, each.CreatedAt, each.Id }).IsDescending(false, true, true);
            article.HasMany(each => each.Tags).WithOne().HasForeignKey(each => each.ArticleId);
            article.HasMany(each => each.Favorites).WithOne().HasForeignKey(each => each.ArticleId);
        });
        model.Entity<ArticleTag>(tag =>
        {
            tag.HasKey(each => new { each.ArticleId, each.Tag });
            tag.HasIndex(each => new { each.Tag, each.ArticleId });
        });
        model.Entity<Favorite>(favorite =>
        {
            favorite.HasKey(each => new { each.ArticleId, each.UserId });
            favorite.HasIndex(each => new { each.UserId, each.ArticleId });
        });
        model.Entity<Follow>(follow =>
        {
            follow.HasKey(each => new { each.FollowerId, each.FollowedId });
            follow.HasIndex(each => each.FollowedId);
            follow.HasOne<User>().WithMany().HasForeignKey(each => each.FollowerId);
            follow.HasOne<User>().WithMany().HasForeignKey(each => each.FollowedId);
        });
        model.Entity<Comment>(comment =>
        {
            comment.HasIndex(each => new { each.ArticleId, each.Id });
        });
        model.Entity<SigningKey>(key =>
        {
            key.HasKey(each => each.OnlyOne);
            key.ToTable(table => table.HasCheckConstraint("signing_keys_only_one", "only_one"));
        });
    }
}
