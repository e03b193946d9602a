// Uses MySqlConnector in every way that sends other commands, and prints what it got as JSON.
using System.Data;
using System.Text.Json;
using MySqlConnector;

var talk = new Talk(new Uri(args[0]));
await talk.UseTransaction();
await talk.UseSeveralResults();
await talk.UsePool();
await talk.Refuse();
Console.WriteLine(JsonSerializer.Serialize(talk.Found));

internal sealed class Talk(Uri address)
{
    public List<object?> Found { get; } = [];

    public async Task UseTransaction()
    {
        await using var here = await Open();
        await Run(here, "DROP TABLE IF EXISTS note");
        await Run(here, "CREATE TABLE note (id int PRIMARY KEY AUTO_INCREMENT, text varchar(100) UNIQUE, at datetime(6))");
        foreach (var prepared in new[] { false, true })
        {
            await using var transaction = await here.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            await using var insert = Command(here, "INSERT INTO note (text, at) VALUES (@text, '2026-01-02 03:04:05.678901')", ("@text", ""));
            if (prepared) await insert.PrepareAsync();
            for (var n = 0; n < 3; n++)
            {
                insert.Parameters[0].Value = $"{prepared} {n}";
                Found.Add(await insert.ExecuteNonQueryAsync());
                Found.Add(insert.LastInsertedId);
            }
            await Read(here, "SELECT id, text, at FROM note WHERE id > @id FOR UPDATE", prepared, ("@id", 1));
            Found.Add(await Number(() => insert.ExecuteNonQueryAsync()));
            Found.Add(await Number(() => Run(here, "SELECT nothing")));
            await transaction.SaveAsync("here");
            await Run(here, "DELETE FROM note");
            await transaction.RollbackAsync("here");
            await transaction.CommitAsync();
        }
        Found.Add(await Run(here, "UPDATE note SET text = @text WHERE id = 1", ("@text", new string('é', 100))));
        Found.Add(await here.PingAsync());
    }

    public async Task UseSeveralResults()
    {
        await using var here = await Open();
        await Read(here, "SELECT 1; UPDATE note SET at = NULL; SELECT count(*), NULL FROM note", false);
        await Read(here, "SELECT seq, repeat('x', seq) FROM seq_1_to_300", true);
        await using var batch = new MySqlBatch(here)
        {
            BatchCommands =
            {
                new MySqlBatchCommand("SELECT text FROM note WHERE id = @id") { Parameters = { new("@id", 2) } },
                new MySqlBatchCommand("SELECT max(id) FROM note"),
            },
        };
        await Rows(await batch.ExecuteReaderAsync());
        await here.ChangeDatabaseAsync(here.Database);
    }

    public async Task UsePool()
    {
        int thread;
        await using (var here = await Open())
        {
            thread = here.ServerThread;
            await Run(here, "SET @mine = 5");
            await Run(here, "START TRANSACTION; DELETE FROM note");
        }
        await using (var again = await Open())
        {
            // The same session, reset: no variable, and what was not committed is gone.
            Found.Add(again.ServerThread == thread);
            await Read(again, "SELECT @mine, count(*) FROM note", false);
        }
        var counts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n =>
        {
            await using var own = await Open();
            await using var command = Command(own, "SELECT @n + count(*) FROM note", ("@n", n));
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }));
        Found.AddRange(counts.Cast<object?>());
    }

    public async Task Refuse()
    {
        Found.Add(await Number(async () => await (await Open(each => each.SslMode = MySqlSslMode.Required)).DisposeAsync()));
        await using var here = await Open(each => each.AllowLoadLocalInfile = true);
        var table = new DataTable { Columns = { { "text", typeof(string) } }, Rows = { { "copied" } } };
        var copy = new MySqlBulkCopy(here) { DestinationTableName = "note", ColumnMappings = { new(0, "text") } };
        Found.Add(await Number(async () => await copy.WriteToServerAsync(table)));
        await Read(here, "SELECT count(*) FROM note WHERE text = 'copied'", false);
    }

    private async Task<MySqlConnection> Open(Action<MySqlConnectionStringBuilder>? change = null)
    {
        var login = address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var options = new MySqlConnectionStringBuilder
        {
            Server = address.Host,
            Port = (uint)address.Port,
            UserID = login[0],
            Password = login[1],
            Database = address.AbsolutePath[1..],
            AllowUserVariables = true,
            IgnoreCommandTransaction = true,
        };
        change?.Invoke(options);
        var opened = new MySqlConnection(options.ConnectionString);
        await opened.OpenAsync();
        return opened;
    }

    private static MySqlCommand Command(MySqlConnection here, string sql, params (string Name, object Value)[] values)
    {
        var command = new MySqlCommand(sql, here);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static async Task<int> Run(MySqlConnection here, string sql, params (string Name, object Value)[] values)
    {
        await using var command = Command(here, sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task Read(MySqlConnection here, string sql, bool prepared, params (string Name, object Value)[] values)
    {
        await using var command = Command(here, sql, values);
        if (prepared) await command.PrepareAsync();
        await Rows(await command.ExecuteReaderAsync());
    }

    private async Task Rows(MySqlDataReader reader)
    {
        await using var each = reader;
        do
        {
            while (await each.ReadAsync())
            {
                for (var n = 0; n < each.FieldCount; n++) Found.Add(each.IsDBNull(n) ? null : each.GetValue(n));
            }
        }
        while (await each.NextResultAsync());
    }

    private static async Task<string> Number(Func<Task> work)
    {
        try
        {
            await work();
            return "";
        }
        catch (MySqlException error)
        {
            return $"{error.Number} {error.ErrorCode} {error.Message}";
        }
    }
}
