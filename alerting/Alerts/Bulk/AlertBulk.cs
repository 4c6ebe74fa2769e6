using Beacon.Events;

namespace Beacon.Alerting.Alerts.Bulk;

internal sealed class AlertBulk(IAlertService alerts) : IAlertBulk
{
    public async Task<Outcome<BulkResult>> RunAsync(BulkRequest request, Actor actor, CancellationToken cancellation = default)
    {
        if (Fault(request) is { } fault) return new Refusal(RefusalKind.Invalid, fault);
        var done = new List<AlertSummary>(request.Alerts.Count);
        var refused = new List<BulkRefusal>();
        foreach (var item in request.Alerts)
        {
            var outcome = await OneAsync(request, item, actor, cancellation).ConfigureAwait(false);
            if (outcome.Done) done.Add(outcome.Value);
            else refused.Add(new BulkRefusal(item.Id, outcome.Refusal.Kind, outcome.Refusal.Message));
        }
        return new BulkResult(done, refused);
    }

    private static Phrase? Fault(BulkRequest request) => request switch
    {
        { Alerts: null or { Count: 0 } } => (Phrase)"alerts are wanted: a list of {id, version}",
        { Alerts.Count: > IAlertBulk.MaxAlerts } => $"at most {IAlertBulk.MaxAlerts} alerts at once",
        _ when request.Alerts.DistinctBy(a => a.Id).Count() < request.Alerts.Count => "an alert stands twice in the list",
        _ when !Enum.IsDefined(request.Act) => $"act is one of {string.Join(", ", Enum.GetNames<AlertAct>())}",
        { Act: AlertAct.Dismiss, Disposition: Disposition.Undetermined } => "dismiss wants a disposition",
        { Act: AlertAct.Shelve, Until: null } => "shelve wants a time in until",
        { Act: AlertAct.Dismiss or AlertAct.Shelve } when string.IsNullOrWhiteSpace(request.Reason) => "a reason is wanted",
        _ => null,
    };

    private Task<Outcome<AlertSummary>> OneAsync(BulkRequest r, BulkItem item, Actor actor, CancellationToken cancellation) => r.Act switch
    {
        AlertAct.Acknowledge => alerts.AcknowledgeAsync(item.Id, item.Version, actor, r.Reason, cancellation),
        AlertAct.Assign => alerts.AssignAsync(item.Id, item.Version, r.Owner, actor, r.Reason, cancellation),
        AlertAct.Escalate => alerts.EscalateAsync(item.Id, item.Version, actor, r.Reason, cancellation),
        AlertAct.Dismiss => alerts.DismissAsync(item.Id, item.Version, r.Disposition, actor, r.Reason, r.Cause, cancellation),
        AlertAct.Shelve => alerts.ShelveAsync(item.Id, item.Version, r.Until!.Value, actor, r.Reason, cancellation),
        AlertAct.Unshelve => alerts.UnshelveAsync(item.Id, item.Version, actor, r.Reason, cancellation),
        _ => alerts.UndoAsync(item.Id, item.Version, actor, cancellation),
    };
}
