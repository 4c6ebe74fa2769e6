using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Alerting.Incidents;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>The alert that is looked at, and what is known around it. Everything of an alert comes at once: what came one after the other would move what is being read.</summary>
internal sealed class AlertStudy(IAlertService alerts, IIncidentService incidents, IRiskService risks, Viewer viewer)
{
    /// <summary>The alert that was picked last, read or not; 0 for none.</summary>
    public long Picked { get; private set; }

    /// <summary>What was read last; while another is on its way still the one before.</summary>
    public AlertDetail? Detail { get; private set; }
    public IncidentDetail? Incident { get; private set; }
    public IReadOnlyList<SimilarAlert> Similar { get; private set; } = [];
    public EntityPast Past { get; private set; } = EntityPast.None;

    /// <summary>The picked alert, once it was read.</summary>
    public AlertDetail? Read => Detail?.Summary.Id == Picked ? Detail : null;

    /// <summary>Picks an alert and reads it; where another was picked meanwhile, that one's reading counts.</summary>
    public async Task PickAsync(long id)
    {
        Picked = id;
        var detail = await alerts.FindAsync(id);
        var incident = detail?.Summary.IncidentId is { } number ? await incidents.FindAsync(number) : null;
        IReadOnlyList<SimilarAlert> similar = detail is null ? [] : await alerts.SimilarAsync(id);
        var past = detail is null ? EntityPast.None : await EntityPast.ReadAsync(alerts, risks, detail.Summary, viewer.Now, viewer.Zone);
        if (Picked == id) (Detail, Incident, Similar, Past) = (detail, incident, similar, past);
    }

    public void Clear() => (Picked, Detail) = (0, null);
}
