using Beacon.Detections.Correlation;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Correlations and filters as the console shows them.</summary>
internal static class RuleViews
{
    public const string Correlation = "correlation";
    public const string Filter = "filter";

    public static RuleView Of(LoadedRule rule, bool enabled, RuleCounters counters, CorrelationSet set)
    {
        if (rule.Filter is { } f)
        {
            return new RuleView(f.Id, f.Title, f.Description, Filter, Severity.Informational, "", f.Author, [], f.References, [], f.LogSource.ToString(), enabled, null, f.Source, f.File, rule.IsUser,
                counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null) { Joins = f.Rules };
        }
        var c = rule.Correlation!;
        var compiled = set.Find(c.Id);
        return new RuleView(c.Id, c.Title, c.Description, Correlation, compiled?.Level ?? c.Level, c.Status, c.Author, c.Tags, c.References, c.FalsePositives, c.ToString(), enabled, compiled?.BlindReason, c.Source, c.File, rule.IsUser,
            counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null)
        {
            Joins = c.Rules, IsSilent = set.IsSilent(c.Id), Evictions = counters.Evictions, Late = counters.Late,
        };
    }
}
