using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Up to which time of receipt late events were looked for.</summary>
/// <param name="RewoundFrom">Where the look stood before a node came back with older data; null where none did.</param>
internal sealed record LateLook(DateTimeOffset UpTo, DateTimeOffset? RewoundFrom);

/// <summary>Keeps how far the look for late events has come, one for the whole deployment.</summary>
internal static class LateLooks
{
    private const string Name = "late";

    /// <summary>How far it is; the first look begins at <paramref name="first"/>.</summary>
    public static LateLook Find(DbTransaction transaction, DateTimeOffset first)
    {
        transaction.Execute("INSERT INTO detection_late_looks(name, looked_up_to, rewound_from) VALUES (@p0, @p1, NULL) ON CONFLICT(name) DO NOTHING", Name, first);
        return transaction.Query("SELECT looked_up_to, rewound_from FROM detection_late_looks WHERE name = @p0", static r => new LateLook(r.Instant(0), r.InstantOrNull(1)), Name)[0];
    }

    /// <summary>Moves on, unless another process did so first or it was rewound meanwhile.</summary>
    public static bool Move(DbTransaction transaction, LateLook from, DateTimeOffset to)
    {
        var rewound = from.RewoundFrom is { } old && to < old ? from.RewoundFrom : null;
        return transaction.Execute("UPDATE detection_late_looks SET looked_up_to = @p0, rewound_from = @p1 WHERE name = @p2 AND looked_up_to = @p3", to, rewound, Name, from.UpTo) > 0;
    }

    /// <summary>A node is back with data that may have been received from the instant on: everything since is looked through again.</summary>
    public static void Rewind(DbTransaction transaction, DateTimeOffset to) => transaction.Execute(
        "UPDATE detection_late_looks SET rewound_from = coalesce(rewound_from, looked_up_to), looked_up_to = @p0 WHERE name = @p1 AND looked_up_to > @p0", to, Name);
}
