using System.Diagnostics.Metrics;

namespace Beacon.Detections.Rules;

/// <summary>What one rule did.</summary>
/// <param name="Cost">Mean microseconds an event since the last reload; 0 where none was sampled.</param>
internal sealed record RuleFigures(string Id, string Title, long Matches, long Errors, DateTimeOffset? LastMatch, double Cost);

/// <summary>
/// Matches, errors, cost and last match rule by rule, of the rules that matter most: those that match, cost and fail most. All
/// others count together as "other", so that no number of rules makes more than a hundred series of each.
/// </summary>
internal sealed class RuleMeter
{
    /// <summary>Rules that are labels at once.</summary>
    public const int MaxRules = 100;

    private const int ByMatches = 40, ByCost = 40, ByErrors = MaxRules - ByMatches - ByCost;
    private const string Other = "other";

    private readonly RuleCatalog _catalog;
    private readonly Remainder _otherMatches = new();
    private readonly Remainder _otherErrors = new();

    public RuleMeter(RuleCatalog catalog, IMeterFactory factory)
    {
        _catalog = catalog;
        var meter = factory.Create("Beacon.Detections");
        meter.CreateObservableCounter("beacon.detections.by_rule.matches", () => Count(static f => f.Matches, _otherMatches), "{match}", "Matches of a rule; those that matter less count as other");
        meter.CreateObservableCounter("beacon.detections.by_rule.errors", () => Count(static f => f.Errors, _otherErrors), "{error}", "Evaluations of a rule that failed or took too long");
        meter.CreateObservableGauge("beacon.detections.by_rule.cost", Cost, "s", "Mean time of a rule's tests, spread over all events");
        meter.CreateObservableGauge("beacon.detections.by_rule.last_match", LastMatch, "s", "Unix time of what a rule matched last");
    }

    private IEnumerable<Measurement<long>> Count(Func<RuleFigures, long> figure, Remainder other)
    {
        var (shown, rest) = Choose();
        foreach (var rule in shown) yield return Of(figure(rule), rule);
        yield return new Measurement<long>(other.Add(shown, rest, figure), new KeyValuePair<string, object?>("rule", Other), new KeyValuePair<string, object?>("title", Other));
    }

    private IEnumerable<Measurement<double>> Cost()
    {
        var (shown, rest) = Choose();
        foreach (var rule in shown.Where(static r => r.Cost > 0)) yield return Of(rule.Cost / 1e6, rule);
        yield return new Measurement<double>(rest.Sum(static r => r.Cost) / 1e6, new KeyValuePair<string, object?>("rule", Other), new KeyValuePair<string, object?>("title", Other));
    }

    private IEnumerable<Measurement<double>> LastMatch() => Choose().Shown.Where(static r => r.LastMatch is not null).Select(static r => Of(r.LastMatch!.Value.ToUnixTimeMilliseconds() / 1e3, r));

    private static Measurement<T> Of<T>(T value, RuleFigures rule) where T : struct => new(value, new KeyValuePair<string, object?>("rule", rule.Id), new KeyValuePair<string, object?>("title", rule.Title));

    private (IReadOnlyList<RuleFigures> Shown, IReadOnlyList<RuleFigures> Others) Choose()
    {
        var all = _catalog.Figures().ToList();
        var shown = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Take(static f => f.Matches, ByMatches);
        Take(static f => f.Errors, ByErrors);
        Take(static f => f.Cost, ByCost);
        return ([.. all.Where(f => shown.Contains(f.Id))], [.. all.Where(f => !shown.Contains(f.Id))]);

        void Take(Func<RuleFigures, double> figure, int most) => shown.UnionWith(all.Where(f => figure(f) > 0).OrderByDescending(figure).ThenBy(static f => f.Id, StringComparer.Ordinal).Take(most).Select(static f => f.Id));
    }

    /// <summary>
    /// What the rules counted while they were not shown. A rule that comes to be shown takes nothing away, so that the sum only grows, as
    /// those who read counters rely on.
    /// </summary>
    private sealed class Remainder
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, long> _told = new(StringComparer.OrdinalIgnoreCase);
        private long _sum;

        public long Add(IReadOnlyList<RuleFigures> shown, IReadOnlyList<RuleFigures> rest, Func<RuleFigures, long> figure)
        {
            lock (_gate)
            {
                foreach (var rule in shown) _told[rule.Id] = figure(rule);
                foreach (var rule in rest)
                {
                    var now = figure(rule);
                    var before = _told.GetValueOrDefault(rule.Id);
                    if (now == before) continue;
                    _sum += Math.Max(0, now - before);
                    _told[rule.Id] = now;
                }
                return _sum;
            }
        }
    }
}
