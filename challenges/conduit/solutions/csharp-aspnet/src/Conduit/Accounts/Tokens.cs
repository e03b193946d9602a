using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Conduit.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Conduit.Accounts;

/// <summary>Whose token it is, and which of the account's passwords it goes with (S10).</summary>
public readonly record struct Bearer(long AccountId, int Version);

/// <summary>Issues and reads JSON Web Tokens, signed with HMAC-SHA256.</summary>
public sealed class Tokens(string secret, TimeProvider time)
{
    private const string VersionClaim = "ver";
    private const int LongestToken = 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey _key = new(Encoding.UTF8.GetBytes(secret));

    public string Issue(User user) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Subject = new ClaimsIdentity(
        [
            new Claim(JwtRegisteredClaimNames.Sub, user.Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(VersionClaim, user.TokenVersion.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer32),
        ]),
        IssuedAt = time.GetUtcNow().UtcDateTime,
        NotBefore = time.GetUtcNow().UtcDateTime,
        Expires = (time.GetUtcNow() + Lifetime).UtcDateTime,
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>What a token says; null if it is not ours, altered or expired (S2).</summary>
    public async Task<Bearer?> ReadAsync(string token)
    {
        if (token.Length > LongestToken)
        {
            return null;
        }
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            // The one algorithm that is accepted, whatever a token says of itself (RFC 8725, section 3.1).
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = TimeSpan.Zero,
            ValidateAudience = false,
            ValidateIssuer = false,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read)
        {
            return null;
        }
        var hasId = long.TryParse(read.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return hasId && read.TryGetPayloadValue<int>(VersionClaim, out var version) ? new Bearer(id, version) : null;
    }

    /// <summary>The signing key that all copies of the server find in the database; the first one makes it.</summary>
    public static async Task<string> SharedSecretAsync(ConduitContext db)
    {
        var made = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await db.Database.ExecuteSqlAsync($"INSERT INTO signing_keys (only_one, secret) VALUES (true, {made}) ON CONFLICT DO NOTHING");
        return await db.SigningKeys.AsNoTracking().Select(each => each.Secret).SingleAsync();
    }
}
