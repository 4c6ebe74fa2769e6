using Beacon.Alerting.Incidents;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Entries of a timeline as a page keeps them: read once, then only what is new; newest first; at most <see cref="MostKept"/>.</summary>
public sealed class TimelineView
{
    /// <summary>Entries read at first; older ones are read by asking for them.</summary>
    public const int Most = 5_000;

    /// <summary>Entries kept at most.</summary>
    public const int MostKept = 20_000;

    private const int Part = 1_000;

    /// <summary>What a reader may want to see of it.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["all", "facts", "people", "steps", "evidence"];

    private readonly List<TimelineEntry> _entries = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<TimelineEntry> Entries => _entries;

    /// <summary>The newest entry's number; 0 before the first.</summary>
    public long Last => _entries.Count == 0 ? 0 : _entries[0].Sequence;

    /// <summary>Entries before the oldest that is kept.</summary>
    public long Before => _entries.Count == 0 ? 0 : _entries[^1].Sequence - 1;

    /// <summary>Reads what came since, or the newest part where nothing was read yet.</summary>
    /// <param name="length">Entries that the timeline has: asked the first time only.</param>
    /// <param name="read">Entries after a number, in order, at most as many as asked for.</param>
    /// <returns>True where something came.</returns>
    public async Task<bool> FollowAsync(Func<Task<long>> length, Func<long, int, Task<IReadOnlyList<TimelineEntry>>> read)
    {
        var after = Last > 0 ? Last : Math.Max(0, await length() - Most);
        var came = new List<TimelineEntry>();
        for (IReadOnlyList<TimelineEntry> part; came.Count < Most && (part = await read(after, Part)).Count > 0; after = part[^1].Sequence) came.AddRange(part);
        came.Reverse();
        var last = Last;
        _entries.InsertRange(0, came.Where(e => e.Sequence > last));
        if (_entries.Count > MostKept) _entries.RemoveRange(MostKept, _entries.Count - MostKept);
        return came.Count > 0;
    }

    /// <summary>Reads the part before the oldest entry that is kept.</summary>
    public async Task EarlierAsync(Func<long, int, Task<IReadOnlyList<TimelineEntry>>> read)
    {
        if (Before == 0 || _entries.Count + Part > MostKept) return;
        var before = Before;
        var part = await read(Math.Max(0, before - Part), (int)Math.Min(Part, before));
        _entries.AddRange(part.Where(e => e.Sequence <= before).Reverse());
    }

    /// <summary>Those of a group whose text, as it was written or as it is said, whose actor or reference has the words in it.</summary>
    public ICollection<TimelineEntry> Filter(string group, string words, Func<TimelineEntry, string> said)
    {
        var wanted = words.Trim();
        if (wanted.Length == 0 && group is "all" or "") return _entries;
        return [.. _entries.Where(e => In(group, e.Kind) && (wanted.Length == 0
            || e.Text.Contains(wanted, StringComparison.OrdinalIgnoreCase) || said(e).Contains(wanted, StringComparison.OrdinalIgnoreCase) || e.Actor.Contains(wanted, StringComparison.OrdinalIgnoreCase) || e.Reference.Contains(wanted, StringComparison.OrdinalIgnoreCase)))];
    }

    private static bool In(string group, TimelineKind kind) => group switch
    {
        "facts" => kind is TimelineKind.Alert or TimelineKind.Incident or TimelineKind.Warning,
        "people" => kind is TimelineKind.Note or TimelineKind.Comment or TimelineKind.Task or TimelineKind.HandOver,
        "steps" => kind is TimelineKind.Playbook,
        "evidence" => kind is TimelineKind.Evidence or TimelineKind.Custody or TimelineKind.Report,
        _ => true,
    };
}
