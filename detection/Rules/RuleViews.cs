using System.Globalization;
using Beacon.Detections.Correlation;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Rules of each kind as the console shows them.</summary>
internal static class RuleViews
{
    public const string Correlation = "correlation";
    public const string Filter = "filter";

    public static RuleView Of(ScheduledRule s, bool isUser, RuleStage stage, RuleCounters counters) => new(
        s.Id, s.Title, s.Description, s.Detector, s.Level, s.Status, s.Author, s.Tags, s.References, s.FalsePositives, "every " + s.Interval.ToString("g", CultureInfo.InvariantCulture), stage, null, s.Source, s.File, isUser,
        counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null);

    public static RuleView Of(SigmaRule s, LoadedRule rule, RuleStage stage, RuleCounters counters, Phrase? blind, double? cost, CorrelationSet set) => new(
        s.Id, s.Title, s.Description, "sigma", s.Level, s.Status, s.Author, s.Tags, s.References, s.FalsePositives, s.LogSource.ToString(), stage, blind, s.Source, s.File, rule.IsUser,
        counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, cost) { Words = rule.Question, Filters = s.Filters, IsSilent = set.IsSilent(s.Id) };

    public static RuleView Of(LoadedRule rule, RuleStage stage, RuleCounters counters, CorrelationSet set)
    {
        if (rule.Filter is { } f)
        {
            return new RuleView(f.Id, f.Title, f.Description, Filter, Severity.Informational, "", f.Author, [], f.References, [], f.LogSource.ToString(), stage, null, f.Source, f.File, rule.IsUser,
                counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null) { Joins = f.Rules };
        }
        var c = rule.Correlation!;
        var compiled = set.Find(c.Id);
        return new RuleView(c.Id, c.Title, c.Description, Correlation, compiled?.Level ?? c.Level, c.Status, c.Author, c.Tags, c.References, c.FalsePositives, c.ToString(), stage, compiled?.BlindReason, c.Source, c.File, rule.IsUser,
            counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null)
        {
            Joins = c.Rules, IsSilent = set.IsSilent(c.Id), Evictions = counters.Evictions, Late = counters.Late,
        };
    }
}
