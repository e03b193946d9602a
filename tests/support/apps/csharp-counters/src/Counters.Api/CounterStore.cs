using System.Collections.Concurrent;

namespace Counters.Api;

/// <summary>Numbers with names, kept in memory.</summary>
public sealed class CounterStore
{
    private readonly ConcurrentDictionary<string, int> _values = new();

    /// <summary>Adds a counter; false if the name is taken.</summary>
    public bool Make(string name) => _values.TryAdd(name, 0);

    /// <summary>Counts up by one; null if there is no such counter.</summary>
    public int? Up(string name) =>
        _values.ContainsKey(name) ? _values.AddOrUpdate(name, 1, (_, value) => value + 1) : null;

    /// <summary>The value of a counter; null if there is none.</summary>
    public int? Find(string name) => _values.TryGetValue(name, out var value) ? value : null;

    public IReadOnlyList<Counter> List() => [.. _values.Select(each => new Counter(each.Key, each.Value))];
}

public sealed record Counter(string Name, int Value);

public sealed record NewCounter(NewCounter.Fields? Counter)
{
    public sealed record Fields(string? Name);
}
