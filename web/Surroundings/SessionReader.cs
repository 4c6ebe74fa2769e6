using Beacon.Events;

namespace Beacon.Web.Surroundings;

/// <summary>The events of one session around an event.</summary>
/// <param name="Field">What ties them together ("session.id", "zeek.uid", "process.pid").</param>
/// <param name="Events">Oldest first.</param>
/// <param name="Cut">There is more than is shown.</param>
public sealed record SessionTrail(string Field, string Value, IReadOnlyList<SecurityEvent> Events, bool Cut);

/// <summary>Reads the session that an event belongs to: a login's, a connection's, or that of the one process that served it.</summary>
public sealed class SessionReader(IEventStore store)
{
    /// <summary>Events before and after the one asked for, each.</summary>
    public const int MaxEvents = 10;
    private static readonly TimeSpan Around = TimeSpan.FromHours(12);

    // Sessions of Windows itself: every service is in them.
    private static readonly HashSet<string> OfTheSystem = new(StringComparer.OrdinalIgnoreCase) { "0x3e7", "0x3e4", "0x3e5", "0x0", "0", "-" };

    /// <returns>Null where the event is of no session, or alone in it.</returns>
    public async Task<SessionTrail?> ReadAsync(SecurityEvent e, CancellationToken cancellation)
    {
        if (KeyOf(e) is not { } key) return null;
        var before = await store.SearchAsync(new EventQuery { Filter = key.Filter, Range = new TimeRange(e.Timestamp - Around, e.Timestamp.AddMicroseconds(1)), Limit = MaxEvents + 1 }, cancellation);
        var after = await store.SearchAsync(new EventQuery { Filter = key.Filter, Range = new TimeRange(e.Timestamp.AddMicroseconds(1), e.Timestamp + Around), Limit = MaxEvents, OldestFirst = true }, cancellation);
        List<SecurityEvent> events = [.. before.Events.Reverse(), .. after.Events];
        return events.Count < 2 ? null : new SessionTrail(key.Field, key.Value, events, before.Next is not null || after.Next is not null);
    }

    internal static (string Field, string Value, EventFilter Filter)? KeyOf(SecurityEvent e)
    {
        if (e.GetText("zeek.uid") is { Length: > 0 } uid) return ("zeek.uid", uid, EventFilter.Equal("zeek.uid", uid));
        if (e.GetText(Field.HostName) is not { Length: > 0 } host) return null;
        foreach (var field in new[] { "session.id", "winlog.logon.id" })
            if (e.GetText(field) is { Length: > 0 } id && !OfTheSystem.Contains(id)) return (field, id, EventFilter.And(EventFilter.Equal("host.name", host), EventFilter.Equal(field, id)));
        // A daemon such as sshd serves each login by a process of its own.
        if (e.GetText("winlog.channel") is null && e.GetText("process.pid") is { Length: > 0 } pid && e.GetText("process.name") is { Length: > 0 } name)
            return ("process.pid", pid, EventFilter.And(EventFilter.Equal("host.name", host), EventFilter.Equal("process.pid", pid), EventFilter.Equal("process.name", name)));
        return null;
    }
}
