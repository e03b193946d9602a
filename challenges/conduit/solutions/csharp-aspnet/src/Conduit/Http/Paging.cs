using System.Globalization;
using System.Numerics;

namespace Conduit.Http;

/// <summary>A part of a list (L3, L5, W2).</summary>
public readonly record struct Page(int Limit, long Offset)
{
    public const int Usual = 20;
    public const int Most = 100;

    public static Page Of(IQueryCollection query) => new(
        (int)Math.Min(WholeNumber(query, "limit", 1, Usual), Most),
        WholeNumber(query, "offset", 0, 0));

    /// <summary>What is too big for the machine is as big as the machine can.</summary>
    private static long WholeNumber(IQueryCollection query, string name, long least, long usual)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return usual;
        }
        var text = values[0] ?? "";
        if (text.Length > 1000 || !BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw Refusal.Invalid(name, "must be a whole number");
        }
        if (number < least)
        {
            throw Refusal.Invalid(name, $"must be at least {least}");
        }
        return (long)BigInteger.Min(number, int.MaxValue);
    }
}
