using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Events;

namespace Beacon.Alerting.Storage;

/// <summary>One transaction of this room: its clock, its numbers, its audit rows, and the changes it will have told of.</summary>
internal sealed class AlertingTransaction(DbTransaction transaction, DateTimeOffset now, IAuditTrail audit)
{
    private readonly Dictionary<(ChangeKind Kind, string Id), Func<(int Version, string Payload)?>> _changed = [];
    private readonly List<(ChangeKind Kind, string Id)> _order = [];

    public DbTransaction Db => transaction;

    /// <summary>The instant of everything this transaction writes, in whole microseconds.</summary>
    public DateTimeOffset Now { get; } = StateTime.FromMicroseconds(StateTime.ToMicroseconds(now));

    /// <summary>Last sequence number given to a change; 0 for none.</summary>
    public long LastChange { get; private set; }

    /// <summary>The counter's next value, from 1.</summary>
    public long Next(string counter, long step = 1) => transaction.Scalar<long>(
        "INSERT INTO alerting_counters(name, value) VALUES (@p0, @p1) ON CONFLICT(name) DO UPDATE SET value = alerting_counters.value + @p1 RETURNING value",
        counter, step);

    /// <summary>"INC-2026-0031": numbers start at 1 each year.</summary>
    public string NextNumber(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Now.Year:0000}-{Next($"{prefix}-{Now.Year}"):0000}");

    public void Record(Actor actor, string action, string target, string before = "", string after = "", string reason = "") =>
        audit.Append(transaction, new AuditRecord(actor.Name, action, target, before, after, reason));

    /// <summary>Tells of an object once, in its state at the end of the transaction, however often it changes within it.</summary>
    /// <param name="summary">Reads the object's summary; null where it is gone.</param>
    public void Changed<T>(ChangeKind kind, string id, Func<T?> summary, Func<T, int> version, JsonTypeInfo<T> json) where T : class
    {
        if (!_changed.ContainsKey((kind, id))) _order.Add((kind, id));
        _changed[(kind, id)] = () => summary() is { } value ? (version(value), JsonSerializer.Serialize(value, json)) : null;
    }

    public void WriteChange(ChangeKind kind, string id, int version, string payload)
    {
        LastChange = Next("change");
        transaction.Execute("INSERT INTO alerting_changes(sequence, kind, object_id, version, at, payload) VALUES (@p0,@p1,@p2,@p3,@p4,@p5)",
            LastChange, kind, id, version, Now, payload);
    }

    /// <summary>Writes the rows of the outbox, as the last thing before the commit.</summary>
    public void Finish()
    {
        foreach (var key in _order)
            if (_changed[key]() is { } change) WriteChange(key.Kind, key.Id, change.Version, change.Payload);
    }
}
