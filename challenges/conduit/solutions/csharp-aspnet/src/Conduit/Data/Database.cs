using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Conduit.Data;

/// <summary>How the database is reached, and what its errors mean.</summary>
public static class Database
{
    private const int ConnectSeconds = 4;
    private const int CommandSeconds = 5;
    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A connection string of the URL in DATABASE_URL. No request waits longer than the brief allows (V4).</summary>
    public static string ConnectionString(string url)
    {
        var address = new Uri(url);
        var login = address.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.IsDefaultPort || address.Port < 0 ? 5432 : address.Port,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            CancellationTimeout = -1, // a connection that fell silent is given up at once
            MaxPoolSize = 20,
            MaxAutoPrepare = 50,
        }.ConnectionString;
    }

    /// <summary>Brings the database to the newest schema; it may be a little late (V2).</summary>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken stop)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ConduitContext>();
        var giveUp = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                await db.Database.MigrateAsync(stop);
                return;
            }
            catch (NpgsqlException error) when (IsUnavailable(error) && DateTime.UtcNow < giveUp)
            {
                await Task.Delay(Pause, stop);
            }
        }
    }

    /// <summary>
    /// Reads, once more if the connection turns out to be dead: an idle one may not have outlived the night. The others
    /// of the pool are thrown away with it.
    /// </summary>
    public static async Task<T> ReadAsync<T>(this ConduitContext db, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (IsBroken(error))
        {
            NpgsqlConnection.ClearPool((NpgsqlConnection)db.Database.GetDbConnection());
            return await read();
        }
    }

    /// <summary>Makes sure that the database can be reached, before a write that must not be sent twice.</summary>
    public static Task ReachAsync(this ConduitContext db) => db.ReadAsync(() => db.Database.ExecuteSqlAsync($"SELECT 1"));

    /// <summary>
    /// Runs work in a transaction. What the database undid because of another transaction (a deadlock) is done
    /// again, with a context that knows nothing of the first time.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(this ConduitContext db, Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            try
            {
                var result = await work();
                await transaction.CommitAsync();
                return result;
            }
            catch (Exception error) when (attempt < Attempts && IsConflict(error))
            {
                await UndoAsync(transaction);
                db.ChangeTracker.Clear();
            }
        }
    }

    private static async Task UndoAsync(IDbContextTransaction transaction)
    {
        await transaction.RollbackAsync();
    }

    /// <summary>The name of the constraint that an error says is violated, or null.</summary>
    public static string? Violated(Exception error) =>
        Refused(error) is { SqlState: ['2', '3', ..] } refused ? refused.ConstraintName : null;

    /// <summary>Whether a connection is lost; a new one may be good.</summary>
    public static bool IsBroken(Exception error) =>
        IsUnavailable(error) && !TimedOut(error);

    /// <summary>Whether the database could not be asked, or did not answer.</summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is ['5', '7', 'P', ..] or PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException or TimeoutException => true,
        DbUpdateException or InvalidOperationException => error.InnerException is { } inner && IsUnavailable(inner),
        _ => false,
    };

    /// <summary>Whether nobody answered in time: to ask again would take as long again (V4).</summary>
    private static bool TimedOut(Exception? error) =>
        error is TimeoutException || (error?.InnerException is { } inner && TimedOut(inner));

    private static bool IsConflict(Exception error) =>
        Refused(error)?.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    private static PostgresException? Refused(Exception error) =>
        error as PostgresException ?? error.InnerException as PostgresException;
}
