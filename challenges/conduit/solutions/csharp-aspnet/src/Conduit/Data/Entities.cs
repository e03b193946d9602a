namespace Conduit.Data;

public sealed class User
{
    public long Id { get; init; }
    public required string Username { get; set; }
    public required string Email { get; set; }

    /// <summary>What two spellings of one address have in common (A5).</summary>
    public required string EmailKey { get; set; }
    public required string PasswordHash { get; set; }

    /// <summary>Goes up with each change of password; a token holds the one of its time (S10).</summary>
    public int TokenVersion { get; set; }
    public string? Bio { get; set; }
    public string? Image { get; set; }
}

public sealed class Article
{
    public long Id { get; init; }
    public long AuthorId { get; init; }
    public User Author { get; init; } = null!;
    public required string Slug { get; set; }
    public required string Title { get; set; }
    public required string Description { get; set; }
    public required string Body { get; set; }

    /// <summary>Each once, in the order in which they were sent (R4).</summary>
    public List<ArticleTag> Tags { get; init; } = [];
    public List<Favorite> Favorites { get; init; } = [];
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; set; }
}

public sealed class ArticleTag
{
    public long ArticleId { get; init; }
    public required string Tag { get; init; }
    public int Position { get; init; }
}

public sealed class Favorite
{
    public long ArticleId { get; init; }
    public long UserId { get; init; }
    public User User { get; init; } = null!;
}

public sealed class Follow
{
    public long FollowerId { get; init; }
    public long FollowedId { get; init; }
}

public sealed class Comment
{
    public long Id { get; init; }
    public long ArticleId { get; init; }
    public Article Article { get; init; } = null!;
    public long AuthorId { get; init; }
    public User Author { get; init; } = null!;
    public required string Body { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>The key that signs tokens when JWT_SECRET is not set; at most one row.</summary>
public sealed class SigningKey
{
    public bool OnlyOne { get; init; } = true;
    public required string Secret { get; init; }
}
