using System.Globalization;
using Beacon.Detections.Indicators;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.IndicatorMatch;

/// <summary>
/// Values of events that stand among the indicators. A window compares its events with the indicators known at its end, and the indicators that came
/// within it with the events before it: so every pair meets once, whichever came first.
/// </summary>
internal sealed class IndicatorMatchDetector(IEventStore store, IIndicators indicators, TimeProvider time) : IScheduledDetector
{
    /// <summary>Different values of one field in one look; with more the window fails with that reason.</summary>
    public const int MaxValues = 100_000;

    /// <summary>Detections of one window; the fact is told where there were more.</summary>
    public const int MaxMatches = 1_000;

    /// <summary>Conditions of one question to the store, which takes 1,000 with the rule's own.</summary>
    private const int MaxConditions = 400;

    /// <summary>Conditions up to which the store is asked for them alone; with more, comparing all values is less work.</summary>
    private const int FewConditions = 40;

    private sealed record Match(Indicator Indicator, string Field, GroupCount Group, bool Before);

    public string Name => "indicator-match";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Filter("filter");
        var except = settings.Filter("except");
        if (except is not AllFilter) filter = EventFilter.And(filter, new NotFilter(except));
        var kinds = new List<IndicatorKind>();
        foreach (var name in settings.Texts("types"))
        {
            if (Enum.TryParse<IndicatorKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(name[0])) kinds.Add(kind);
            else settings.Fault("types", "the types are address, domain, url, hash");
        }
        var lookBack = settings.Span("look-back", TimeSpan.Zero, History.Most, TimeSpan.FromDays(7));
        return settings.HasErrors ? null : new IndicatorMatchSettings(filter, kinds.Count > 0 ? kinds : Enum.GetValues<IndicatorKind>(), lookBack);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (IndicatorMatchSettings)window.Rule.Settings;
        var index = await indicators.CurrentAsync(cancellation).ConfigureAwait(false);
        // What there is no indicator for need not be asked; so the groups are not stated before, when the indicators may be others.
        var fields = IndicatorFields.Of([.. settings.Kinds.Where(index.Kinds.Contains)]);
        var found = await store.GroupManyAsync([.. fields.Select(f => new GroupQuery(window.New(settings.Filter), window.Fresh, [f.Field], null, 1, MaxValues))], cancellation).ConfigureAwait(false);
        var matches = new List<Match>();
        for (var i = 0; i < fields.Count; i++)
        {
            var (field, kind) = fields[i];
            if (found[i].Count == MaxValues) throw new InvalidOperationException($"{field} has {MaxValues} different values or more in one window: shorten its interval, or filter");
            // At a look again the events are late, and the look back of what came since has not seen them.
            matches.AddRange(Matching(found[i], field, kind, index, known: indicator => window.NewSince is not null || indicator.Added < window.Fresh.To, before: false));
        }
        matches.AddRange(await LookBackAsync(window, settings, index, fields, cancellation).ConfigureAwait(false));
        var detections = new List<Detection>();
        foreach (var match in matches.Take(MaxMatches))
        {
            var sample = await store.GetAsync(match.Group.Sample, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, match, sample, index.All.Count);
            if (matches.Count > MaxMatches) finding.With("truncated", $"{matches.Count} values matched; only {MaxMatches} are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, found.Sum(static a => a.Sum(static g => g.Events)));
    }

    private async Task<List<Match>> LookBackAsync(
        EvaluationWindow window, IndicatorMatchSettings settings, IndicatorIndex index, IReadOnlyList<(string Field, IndicatorKind Kind)> fields, CancellationToken cancellation)
    {
        var matches = new List<Match>();
        var arrived = index.All.Where(i => window.Fresh.Contains(i.Added)).ToList();
        if (arrived.Count == 0 || settings.LookBack == TimeSpan.Zero) return matches;
        var range = History.Before(window, settings.LookBack);
        var only = new IndicatorIndex(arrived);
        foreach (var (field, kind) in fields)
        {
            var tests = arrived.Where(i => i.Kind == kind).SelectMany(i => Tests(field, i)).ToList();
            if (tests.Count == 0) continue;
            // Networks are searched where addresses are kept as such; elsewhere, and where much is looked for, all values are compared here.
            var searchable = EcsFields.ColumnOf(field)?.Type == ColumnType.Ip || !tests.Exists(static t => t.Test == FieldTest.Cidr);
            var all = searchable && tests.Count <= FewConditions ? null : await GroupsAsync(settings.Filter).ConfigureAwait(false);
            if (all is { Count: < MaxValues }) matches.AddRange(Matching(all, field, kind, only, static _ => true, before: true));
            else if (!searchable) throw new InvalidOperationException($"{field} has {MaxValues} different values or more in {Wording.Span(settings.LookBack)}, too many to look for networks in it: shorten the look-back, or filter");
            else
                foreach (var some in tests.Chunk(MaxConditions))
                    matches.AddRange(Matching(await GroupsAsync(EventFilter.And(settings.Filter, new OrFilter(some))).ConfigureAwait(false), field, kind, only, static _ => true, before: true));

            Task<IReadOnlyList<GroupCount>> GroupsAsync(EventFilter filter) => store.GroupAsync(new GroupQuery(filter, range, [field], null, 1, MaxValues), cancellation);
        }
        return matches;
    }

    private static FieldFilter[] Tests(string field, Indicator indicator)
    {
        return indicator.Kind switch
        {
            IndicatorKind.Address when indicator.Value.Contains('/', StringComparison.Ordinal) => [new FieldFilter(field, FieldTest.Cidr, indicator.Value)],
            IndicatorKind.Domain => [Is(indicator.Value), Is(indicator.Value + "."), EndsWith("." + indicator.Value), EndsWith("." + indicator.Value + ".")],
            _ => [Is(indicator.Value)],
        };

        FieldFilter Is(string value) => new(field, FieldTest.Equals, value);

        FieldFilter EndsWith(string value) => new(field, FieldTest.EndsWith, value);
    }

    private static IEnumerable<Match> Matching(IReadOnlyList<GroupCount> groups, string field, IndicatorKind kind, IndicatorIndex index, Func<Indicator, bool> known, bool before) =>
        from found in groups
        let indicator = index.Find(kind, found.Key[0])
        where indicator is not null && known(indicator) && !(indicator.ValidUntil <= found.First)
        select new Match(indicator, field, found, before);

    private static Finding Describe(EvaluationWindow window, IndicatorMatchSettings settings, Match match, SecurityEvent? sample, int known)
    {
        var (indicator, field, group, before) = match;
        var value = group.Key[0];
        var name = indicator.Name.Length > 0 ? $" ({indicator.Name})" : "";
        // What is looked up in the past is looked up once; what comes again in a later window is told again.
        var finding = new Finding(window, [field, value, before ? "new indicator" : "events", Wording.Time(before ? indicator.Added : window.Fresh.From)])
        {
            Time = group.Last, Event = sample, Related = EntityFields.All([field], [value]),
            Entity = sample is null ? EntityFields.Of([field], [value], Entity.Of(EntityKind.Other, value)) : Entities.Primary(sample),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {field} {value} is known{name}{(before ? "; the indicator came after the event" : "")}"),
        }
        .Because("no value that stands among the indicators", string.Create(CultureInfo.InvariantCulture, $"{field} {value}, {group.Events} times"), "judged by the indicator, not by frequency",
            string.Create(CultureInfo.InvariantCulture, $"{known} indicators; {(before ? "events of the " + History.Spoken(History.Before(window, settings.LookBack)) : "events of the window")}"))
        .With(field, value).With("indicator", indicator.Value).With("indicator.type", indicator.Kind.ToString().ToLowerInvariant()).With("indicator.source", indicator.Source)
        .With("indicator.added", Wording.Time(indicator.Added)).With("first", Wording.Time(group.First)).With("last", Wording.Time(group.Last));
        if (indicator.Name.Length > 0) finding.With("indicator.name", indicator.Name);
        if (indicator.Reference.Length > 0) finding.With("indicator.reference", indicator.Reference);
        return finding;
    }
}
