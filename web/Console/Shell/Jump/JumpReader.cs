using System.Globalization;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Console.Pages.Live;
using Beacon.Web.Console.Pages.Warnings;
using Beacon.Web.Console.Text;

namespace Beacon.Web.Console.Shell.Jump;

public enum JumpKind
{
    Page,
    Warning,
    Incident,
    Alert,
    Rule,
    Asset,
    Events,
}

/// <summary>Somewhere to go.</summary>
/// <param name="Name">In the viewer's language; may hold text from events.</param>
/// <param name="Detail">Its number, or empty.</param>
public sealed record JumpOffer(JumpKind Kind, string Name, string Detail, string Url);

/// <summary>What a few letters may mean: what stands, is open, is protected or is looked for, by number and name; and at the end a search of events for them.</summary>
public sealed class JumpReader(IAlertService alerts, IIncidentService incidents, IWarningService warnings, IAssetDirectory assets, RuleCatalog rules, AlertWords titles, WarningWords words)
{
    public const int MaxText = 100;
    private const int Most = 4;

    /// <returns>Nothing for a text without letters.</returns>
    public async Task<IReadOnlyList<JumpOffer>> ReadAsync(string text, CancellationToken cancellation = default)
    {
        text = text.Trim();
        if (text.Length == 0) return [];
        bool Has(string? name) => name?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
        var offers = new List<JumpOffer>();
        if (NumberOf(text) is { } number && await alerts.FindAsync(number, cancellation) is { } named) offers.Add(Of(named.Summary));
        var standing = await warnings.ListAsync(new WarningQuery { Limit = 200 }, cancellation);
        offers.AddRange(standing.Where(w => Has(w.Number) || Has(w.Title) || Has(words.Title(w.Title))).Take(Most).Select(w => new JumpOffer(JumpKind.Warning, words.Title(w.Title), w.Number, $"/warnings/{w.Id}")));
        var cases = await incidents.ListAsync(new IncidentQuery { Statuses = Enum.GetValues<IncidentStatus>(), Text = text, Limit = Most }, cancellation);
        offers.AddRange(cases.Items.Select(i => new JumpOffer(JumpKind.Incident, titles.Title(i.Title), i.Number, $"/incidents/{i.Id}")));
        var open = await alerts.ListAsync(new AlertQuery { Text = text, Limit = Most }, cancellation);
        offers.AddRange(open.Items.Select(Of));
        offers.AddRange(assets.All.Where(a => Has(a.Id) || Has(a.Name) || a.Names.Any(Has)).Take(Most).Select(a => new JumpOffer(JumpKind.Asset, a.Name, a.Id, "/assets?asset=" + Uri.EscapeDataString(a.Id))));
        offers.AddRange(rules.Rules.Where(r => Has(r.Title) || Has(titles.Rule(r.Title)) || Has(r.Id)).Take(Most).Select(r => new JumpOffer(JumpKind.Rule, titles.Rule(r.Title), "", "/rules?rule=" + Uri.EscapeDataString(r.Id))));
        offers.Add(new JumpOffer(JumpKind.Events, text, "", "/search?q=" + Uri.EscapeDataString(QueryText.Words(text))));
        return offers;
    }

    private JumpOffer Of(AlertSummary alert) => new(JumpKind.Alert, titles.Title(alert.Title), alert.Number, new LiveFilter().Url(alert.Id));

    /// <summary>The id in "A-20931" or "20931"; alerts are not found by it otherwise.</summary>
    internal static long? NumberOf(string text) =>
        long.TryParse(text.StartsWith("A-", StringComparison.OrdinalIgnoreCase) ? text[2..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
