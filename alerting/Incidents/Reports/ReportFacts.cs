using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>Everything a report is written from, read at one time.</summary>
/// <param name="Entries">The timeline in order, its newest 2,000 entries.</param>
internal sealed record ReportFacts(
    IncidentDetail Incident, WarningSummary? Warning, WarningBody? Body, IReadOnlyList<TimelineEntry> Entries, long EntriesBefore, ChainVerification Chain,
    IReadOnlyList<EvidenceItem> Evidence, IReadOnlyList<ReportClock> Clocks, IReadOnlyList<WarningAdvice> Advice)
{
    public string Tlp => Warning?.Tlp ?? WarningDesk.DefaultTlp;
}

internal sealed record ReportClock(string Regime, string Report, ClockState State, DateTimeOffset? DueAt, DateTimeOffset? SentAt);
