using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.RareValue;

/// <summary>A value that hardly ever comes: a user agent, a parent process, a port that a thousandth of the events has.</summary>
internal sealed class RareValueDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Different values of the window, and of the history; a rule over more can't say what is rare, and fails with that reason.</summary>
    public const int MaxValues = 50_000;

    /// <summary>Detections of one window; the rarest are kept and the fact is told.</summary>
    public const int MaxRare = 200;

    private sealed record Rare(GroupCount Group, long Before, double Share);

    public string Name => "rare-value";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var fields = settings.Fields("fields", 1, 5);
        var history = settings.Span("history", History.Least, History.Most, TimeSpan.FromDays(7));
        var below = settings.Number("below", 0.000001, 0.1, 0.001);
        var atLeast = (long)settings.Number("at-least", 100, 1_000_000_000, 1_000);
        return settings.HasErrors ? null : new RareValueSettings(filter, fields, history, below, atLeast);
    }

    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var settings = (RareValueSettings)window.Rule.Settings;
        return [new GroupQuery(window.New(settings.Filter), window.Fresh, settings.Fields, null, 1, MaxValues)];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (RareValueSettings)window.Rule.Settings;
        var rows = answers[0].Sum(static g => g.Events);
        var groups = Folded(answers[0]);
        if (groups.Count == 0) return new EvaluationResult([], rows);
        var history = History.Before(window, settings.History);
        var before = await store.CountAsync(settings.Filter, history, cancellation).ConfigureAwait(false);
        if (before < settings.AtLeast) return new EvaluationResult([], rows);
        var known = await store.GroupAsync(new GroupQuery(settings.Filter, history, settings.Fields, null, 1, MaxValues), cancellation).ConfigureAwait(false);
        if (known.Count == MaxValues || answers[0].Count == MaxValues)
            throw new InvalidOperationException($"{string.Join(", ", settings.Fields)} has {MaxValues} different values or more: nothing among them can be called rare; narrow the filter");
        var counts = Folded(known).ToDictionary(static g => Key(g.Key), static g => g.Events, StringComparer.OrdinalIgnoreCase);
        var rare = groups.Select(g => (Group: g, Before: counts.GetValueOrDefault(Key(g.Key)))).Select(g => new Rare(g.Group, g.Before, (g.Before + 1.0) / (before + 1.0)))
            .Where(r => r.Share < settings.Below).OrderBy(static r => r.Share).ThenBy(static r => Key(r.Group.Key), StringComparer.Ordinal).ToList();
        var detections = new List<Detection>();
        foreach (var one in rare.Take(MaxRare))
        {
            var sample = await store.GetAsync(one.Group.Sample, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, one, sample, history, before);
            if (rare.Count > MaxRare) finding.With("truncated", $"{rare.Count} values are rare; only the {MaxRare} rarest are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, rows);
    }

    private static Finding Describe(EvaluationWindow window, RareValueSettings settings, Rare rare, SecurityEvent? sample, TimeRange history, long before)
    {
        var (group, seenBefore, share) = rare;
        var spoken = EntityFields.Spoken(settings.Fields, group.Key);
        return new Finding(window, [.. group.Key.Select(static v => v.ToUpperInvariant()), Wording.Time(window.Fresh.From)])
        {
            Time = group.Last, Event = sample, Related = EntityFields.All(settings.Fields, group.Key),
            Entity = EntityFields.Of(settings.Fields, group.Key, sample is null ? Entity.Of(EntityKind.Other, window.Rule.Title) : Entities.Primary(sample)),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {spoken} is rare, {seenBefore} of {before} events in {Wording.Span(settings.History)}"),
        }
        .Because(string.Create(CultureInfo.InvariantCulture, $"values that at least {settings.Below:0.######} of the events have"), string.Create(CultureInfo.InvariantCulture, $"{spoken}, {group.Events} times"),
            Wording.OnceIn(1 / share) + " events", string.Create(CultureInfo.InvariantCulture, $"{seenBefore} of {before} events in the {History.Spoken(history)}"))
        .With(settings.Fields, group.Key).With("events", group.Events.ToString(CultureInfo.InvariantCulture)).With("share", share.ToString("G3", CultureInfo.InvariantCulture));
    }

    /// <summary>Values that differ by case only are one.</summary>
    private static List<GroupCount> Folded(IReadOnlyList<GroupCount> groups) => [.. groups.GroupBy(static g => Key(g.Key), StringComparer.OrdinalIgnoreCase).Select(static same =>
    {
        var newest = same.MaxBy(static g => g.Last)!;
        return newest with { Count = same.Sum(static g => g.Count), Events = same.Sum(static g => g.Events), First = same.Min(static g => g.First) };
    })];

    private static string Key(IReadOnlyList<string> values) => string.Join('\u001f', values);
}
