using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Sequence;

/// <summary>Steps one after another by the same entity within a span: failures and then a success, a download and then a start.</summary>
internal sealed class SequenceDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Events of all steps in one window; beyond it the window fails with that reason.</summary>
    public const int MaxEvents = 2_000_000;

    /// <summary>Entities followed in one window.</summary>
    public const int MaxEntities = 200_000;

    /// <summary>Detections of one window.</summary>
    public const int MaxChains = 1_000;

    private const int MaxEventsTold = 20;
    private const int MaxGroups = 20_000;
    // Entities up to which the store is asked for theirs alone.
    private const int FewEntities = 200;

    public string Name => "sequence";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var by = settings.Fields("by", 1, 5);
        var span = settings.Span("max-span", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), null);
        var steps = settings.Each("steps", 2, 10, step =>
        {
            var filter = step.Events();
            var own = step.Fields("by", 0, 5);
            if (own.Count > 0 && own.Count != by.Count) step.Fault("by", $"a step names as many fields as the rule, {by.Count}");
            return new SequenceStep(filter, own.Count > 0 ? own : by, (int)step.Number("at-least", 1, 1_000, 1));
        });
        return settings.HasErrors ? null : new SequenceSettings(steps, span);
    }

    /// <summary>Who has events of each step: few have all, and only theirs are read one by one.</summary>
    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var steps = ((SequenceSettings)window.Rule.Settings).Steps;
        return [.. steps.Select(s => new GroupQuery(s.Filter, window.Range, s.By, null, 1, MaxGroups)), new GroupQuery(steps[^1].Filter, window.Fresh, steps[^1].By, null, 1, MaxGroups)];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (SequenceSettings)window.Rule.Settings;
        var trackers = new Dictionary<string, SequenceTracker>(StringComparer.OrdinalIgnoreCase);
        var found = new List<(IReadOnlyList<string> Key, SequenceChain Chain)>();
        var chains = 0;
        var rows = 0;
        var candidates = Candidates(answers);
        if (candidates is { Count: 0 }) return new EvaluationResult([], answers.Sum(static a => a.Sum(static g => g.Events)));
        var scan = MergedScan.ReadAsync(store, [.. settings.Steps.Select(s => Of(s, candidates))], window.Range, [.. settings.Steps.Select(static s => s.By)], cancellation);
        await foreach (var (step, e) in scan.ConfigureAwait(false))
        {
            if (++rows > MaxEvents) throw new InvalidOperationException($"more than {MaxEvents} events belong to the steps: narrow their filters or shorten the window");
            if (KeyOf(e, settings.Steps[step].By) is not { } key) continue;
            var name = NameOf(key);
            if (candidates is not null && !candidates.ContainsKey(name)) continue;
            if (!trackers.TryGetValue(name, out var tracker))
            {
                if (step > 0) continue;
                if (trackers.Count == MaxEntities) throw new InvalidOperationException($"more than {MaxEntities} different values of {string.Join(", ", settings.Steps[0].By)}: narrow the first step");
                trackers[name] = tracker = new SequenceTracker(settings);
            }
            if (tracker.Add(new SequenceEvent(step, e.Id, e.Timestamp, e.Received)) is not { } chain || !IsNew(window, chain)) continue;
            chains++;
            if (found.Count < MaxChains) found.Add((key, chain));
        }
        var detections = new List<Detection>(found.Count);
        foreach (var (key, chain) in found)
        {
            var last = await store.GetAsync(chain.Last.Id, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, key, chain, last);
            if (chains > MaxChains) finding.With("truncated", $"{chains} sequences were found; only the {MaxChains} earliest are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, rows);
    }

    /// <summary>Entities that have all steps, by name; null where there are too many to tell.</summary>
    private static Dictionary<string, string>? Candidates(IReadOnlyList<IReadOnlyList<GroupCount>> answers)
    {
        Dictionary<string, string>? all = null;
        foreach (var groups in answers)
        {
            // An answer that was cut leaves nobody out. Groups that differ by case only are one entity.
            if (groups.Count == MaxGroups) continue;
            var names = groups.Select(static g => (Name: NameOf(g.Key), First: g.Key[0])).Where(n => all is null || all.ContainsKey(n.Name));
            all = names.DistinctBy(static n => n.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static n => n.Name, static n => n.First, StringComparer.OrdinalIgnoreCase);
        }
        return all;
    }

    private static EventFilter Of(SequenceStep step, Dictionary<string, string>? candidates) => candidates is null || candidates.Count > FewEntities ? step.Filter
        : EventFilter.And(step.Filter, new OrFilter([.. candidates.Values.Distinct(StringComparer.OrdinalIgnoreCase).Select(v => EventFilter.Equal(step.By[0], v))]));

    private static string NameOf(IReadOnlyList<string> key) => string.Join('\u001f', key);

    /// <summary>A chain belongs to the window in which it ends; at a look again, to those that have an event which came late.</summary>
    private static bool IsNew(EvaluationWindow window, SequenceChain chain) =>
        window.Fresh.Contains(chain.Last.Time) && (window.NewSince is not { } since || chain.Events.Any(e => e.Received >= since));

    private static string[]? KeyOf(SecurityEvent e, IReadOnlyList<string> fields)
    {
        var key = new string[fields.Count];
        for (var i = 0; i < key.Length; i++)
        {
            if (e.GetText(fields[i]) is not { Length: > 0 } value) return null;
            key[i] = value;
        }
        return key;
    }

    private static Finding Describe(EvaluationWindow window, SequenceSettings settings, IReadOnlyList<string> key, SequenceChain chain, SecurityEvent? last)
    {
        var by = settings.Steps[0].By;
        var took = chain.Last.Time - chain.Start;
        var finding = new Finding(window, chain.Last.Id.ToString())
        {
            Time = chain.Last.Time, Event = last, Related = EntityFields.All(by, key),
            Entity = EntityFields.Of(by, key, last is null ? Entity.Of(EntityKind.Other, window.Rule.Title) : Entities.Primary(last)),
            Summary = $"{window.Rule.Title}: {EntityFields.Spoken(by, key)} went through all {settings.Steps.Count} steps in {Wording.Span(took)}",
        }
        .Because($"not all {settings.Steps.Count} steps within {Wording.Span(settings.MaxSpan)}", string.Create(CultureInfo.InvariantCulture, $"{chain.Events.Count} events in {Wording.Span(took)}"),
            "judged by the order of the steps, not by frequency", $"{window.Range.Length:c} before {Wording.Time(window.Range.To)}")
        .With(by, key).With("first", Wording.Time(chain.Start)).With("last", Wording.Time(chain.Last.Time));
        foreach (var (e, i) in chain.Events.Take(MaxEventsTold - 1).Append(chain.Last).DistinctBy(static e => e.Id).Select(static (e, i) => (e, i)))
            finding.With(string.Create(CultureInfo.InvariantCulture, $"event {i + 1:00}"), $"step {e.Step + 1} {Wording.Time(e.Time)} {e.Id}");
        return finding;
    }
}
