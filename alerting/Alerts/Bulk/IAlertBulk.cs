using Beacon.Events;

namespace Beacon.Alerting.Alerts.Bulk;

/// <summary>What is done to each alert.</summary>
public enum AlertAct
{
    Acknowledge,
    Assign,
    Escalate,
    Dismiss,
    Shelve,
    Unshelve,
    Undo,
}

/// <param name="Version">Version that the decision was made on.</param>
public sealed record BulkItem(long Id, int Version);

/// <summary>One decision about several alerts.</summary>
/// <param name="Owner">Of <see cref="AlertAct.Assign"/>; null gives them back to nobody.</param>
/// <param name="Disposition">Of <see cref="AlertAct.Dismiss"/>.</param>
/// <param name="Until">Of <see cref="AlertAct.Shelve"/>.</param>
public sealed record BulkRequest(
    AlertAct Act, IReadOnlyList<BulkItem> Alerts, string Reason = "", string? Owner = null, Disposition Disposition = Disposition.Undetermined,
    DispositionCause Cause = DispositionCause.Unstated, DateTimeOffset? Until = null);

public sealed record BulkRefusal(long Id, RefusalKind Kind, Phrase Message);

/// <summary>What came of it, in the order asked for.</summary>
public sealed record BulkResult(IReadOnlyList<AlertSummary> Done, IReadOnlyList<BulkRefusal> Refused);

/// <summary>One decision about several alerts: each is changed, refused, recorded and can be taken back by itself, so that one that changed meanwhile holds up none of the others.</summary>
public interface IAlertBulk
{
    /// <summary>Alerts of one request.</summary>
    const int MaxAlerts = 500;

    /// <returns>Refused as a whole where there is no alert, one stands twice, there are too many, or the act lacks what it wants.</returns>
    Task<Outcome<BulkResult>> RunAsync(BulkRequest request, Actor actor, CancellationToken cancellation = default);
}
