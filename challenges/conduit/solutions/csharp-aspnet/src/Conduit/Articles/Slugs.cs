using System.Security.Cryptography;
using System.Text;

namespace Conduit.Articles;

/// <summary>The addresses of articles (R2, R9).</summary>
public static class Slugs
{
    private const int Longest = 80;
    private const int RandomAttempts = 8;
    private const string WithoutLetters = "article";

    /// <summary>The addresses below /articles that are not articles.</summary>
    private static readonly HashSet<string> Reserved = ["feed"];

    /// <summary>Slugs to try in turn, until the database takes one: the plain one, then random ones.</summary>
    public static IEnumerable<string> Of(string title)
    {
        var plain = Plain(title);
        if (plain.Length > 0 && !Reserved.Contains(plain))
        {
            yield return plain;
        }
        var stem = plain.Length > 0 ? plain : WithoutLetters;
        for (var attempt = 0; attempt < RandomAttempts; attempt++)
        {
            yield return $"{stem}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        }
    }

    /// <summary>Lower-case ASCII letters, digits and single hyphens; empty if nothing of the title is left.</summary>
    public static string Plain(string title)
    {
        var slug = new StringBuilder();
        foreach (var each in title.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(each))
            {
                slug.Append(each);
            }
            else if (each < 128 && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
            if (slug.Length == Longest)
            {
                break;
            }
        }
        return slug.ToString().TrimEnd('-');
    }
}
