namespace Conduit.Accounts;

/// <summary>
/// Hashes and verifies, at most as many at a time as there are processors, each on a thread of its own: neither a
/// rush of sign-ins nor its hashes hold up other requests (W3).
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>OWASP Password Storage Cheat Sheet: bcrypt with a work factor of 10 or more.</summary>
    private const int Cost = 10;
    private static readonly string Nobody = BCrypt.Net.BCrypt.EnhancedHashPassword("nobody", Cost);
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);

    /// <summary>A salted hash. bcrypt alone reads 72 bytes: the password is digested first, so that all of it counts.</summary>
    public Task<string> HashAsync(string password, CancellationToken stop) =>
        ApartAsync(() => BCrypt.Net.BCrypt.EnhancedHashPassword(password, Cost), stop);

    /// <summary>Compares. Without a hash, of an account that is not there, it takes just as long (S7).</summary>
    public async Task<bool> VerifyAsync(string? hash, string password, CancellationToken stop)
    {
        var isRight = await ApartAsync(() => BCrypt.Net.BCrypt.EnhancedVerify(password, hash ?? Nobody), stop);
        return isRight && hash is not null;
    }

    public void Dispose() => _places.Dispose();

    private async Task<T> ApartAsync<T>(Func<T> work, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        try
        {
            return await Task.Factory.StartNew(work, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _places.Release();
        }
    }
}
