using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.NewTerms;

/// <summary>A value, or a combination of values, that was not there in the history: a new country of a user, a new program of a server.</summary>
internal sealed class NewTermsDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Detections of one window; the earliest are kept and the fact is told.</summary>
    public const int MaxTerms = 1_000;

    public string Name => "new-terms";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var fields = settings.Fields("fields", 1, 5);
        var history = settings.Span("history", History.Least, History.Most, TimeSpan.FromDays(7));
        var learning = settings.Span("learning", TimeSpan.Zero, history, history < TimeSpan.FromDays(1) ? history : TimeSpan.FromDays(1));
        return settings.HasErrors ? null : new NewTermsSettings(filter, fields, history, learning);
    }

    /// <summary>Whether there is anything to compare: mostly there is nothing, and the history need not be read.</summary>
    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var settings = (NewTermsSettings)window.Rule.Settings;
        return [new GroupQuery(window.New(settings.Filter), window.Fresh, settings.Fields, null, 1, 1)];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        if (answers[0].Count == 0) return new EvaluationResult([], 0);
        var settings = (NewTermsSettings)window.Rule.Settings;
        var history = History.Before(window, settings.History);
        var terms = await store.NewTermsAsync(new NewTermsQuery(settings.Filter, window.Fresh, history, settings.Fields, MaxTerms), cancellation).ConfigureAwait(false);
        if (terms.Count == 0 || !await History.ReachesAsync(store, settings.Filter, history, settings.Learning, cancellation).ConfigureAwait(false)) return new EvaluationResult([], terms.Count);
        var before = await store.CountAsync(settings.Filter, history, cancellation).ConfigureAwait(false);
        var detections = new List<Detection>(terms.Count);
        foreach (var term in terms)
        {
            var sample = await store.GetAsync(term.Sample, cancellation).ConfigureAwait(false);
            detections.Add(Describe(window, settings, term, sample, history, before, terms.Count == MaxTerms).ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, terms.Sum(static t => t.Events));
    }

    private static Finding Describe(EvaluationWindow window, NewTermsSettings settings, NewTerm term, SecurityEvent? sample, TimeRange history, long before, bool truncated)
    {
        var spoken = EntityFields.Spoken(settings.Fields, term.Values);
        // The window is part of the id: what is forgotten after the history may be news again.
        var finding = new Finding(window, [.. term.Values.Select(static v => v.ToUpperInvariant()), Wording.Time(window.Fresh.From)])
        {
            Time = term.First, Event = sample, Related = EntityFields.All(settings.Fields, term.Values),
            Entity = sample is null ? EntityFields.Of(settings.Fields, term.Values, Entity.Of(EntityKind.Other, window.Rule.Title)) : EntityFields.Of(settings.Fields, term.Values, Entities.Primary(sample)),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {spoken} was seen for the first time in {Wording.Span(settings.History)}"),
        };
        finding.Because("no new value", string.Create(CultureInfo.InvariantCulture, $"{spoken}, {term.Events} times"), "at most " + Wording.OnceIn(before + 1.0) + " events",
            string.Create(CultureInfo.InvariantCulture, $"{before} events in the {History.Spoken(history)}"))
            .With(settings.Fields, term.Values).With("events", term.Events.ToString(CultureInfo.InvariantCulture)).With("first", Wording.Time(term.First)).With("last", Wording.Time(term.Last));
        return truncated ? finding.With("truncated", $"only the {MaxTerms} earliest are shown") : finding;
    }
}
