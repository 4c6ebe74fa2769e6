using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Risk;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What else is known of an alert's machine or account.</summary>
/// <param name="Earlier">The newest other alerts about it.</param>
/// <param name="Total">How many others there are.</param>
/// <param name="Days">All of them and the alert itself, by the days of the viewer's zone.</param>
public sealed record EntityPast(EntityRisk? Risk, IReadOnlyList<AlertSummary> Earlier, long Total, IReadOnlyList<EntityDay> Days)
{
    private const int Most = 5;

    public static EntityPast None { get; } = new(null, [], 0, []);

    public static async Task<EntityPast> ReadAsync(IAlertService alerts, IRiskService risks, AlertSummary alert, DateTimeOffset now, TimeZoneInfo zone)
    {
        var risk = await risks.FindAsync(alert.Entity);
        var page = await alerts.ListAsync(new AlertQuery { Statuses = Enum.GetValues<AlertStatus>(), Entity = alert.Entity, Shelved = null, Order = AlertOrder.Newest, Limit = Most + 1 });
        var spans = await alerts.SpansAsync(alert.Entity, EntityDay.Since(now, zone));
        return new EntityPast(risk, [.. page.Items.Where(a => a.Id != alert.Id).Take(Most)], Math.Max(0, page.Total - 1), EntityDay.Of(spans, now, zone));
    }
}
