using System.Text;
using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What the list of alerts shows: it stands in the page's address, so that a view can be sent to a colleague.</summary>
/// <param name="Owner">Null for whoever; "" for nobody's.</param>
public sealed record LiveFilter(string Tab = LiveFilter.Needs, string Text = "", Severity? AtLeast = null, UrgencyBand? Band = null, string? Owner = null, string? Rule = null, Entity? Entity = null)
{
    public const string Needs = "needs";
    public const int MaxText = 200;

    /// <summary>Shown at most: whoever has more open alerts than these filters them.</summary>
    public const int Most = 300;

    public static IReadOnlyList<string> Tabs { get; } = [Needs, "mine", "shelved", "closed"];

    /// <summary>True where something beyond the tab narrows the list.</summary>
    public bool Narrows => this != new LiveFilter(Tab);

    /// <summary>Reads an address; what it doesn't know it leaves out.</summary>
    public static LiveFilter Parse(string? tab, string? text, string? severity, string? band, string? owner, string? rule, string? entity)
    {
        Entity? about = null;
        if (entity?.IndexOf(':', StringComparison.Ordinal) is { } colon and > 0 && Enum.TryParse<EntityKind>(entity[..colon], ignoreCase: true, out var kind) && entity.Length > colon + 1) about = Beacon.Events.Entity.Of(kind, entity[(colon + 1)..]);
        return new LiveFilter(
            Tabs.Contains(tab) ? tab! : Needs, Cut(text) ?? "", Enum.TryParse<Severity>(severity, ignoreCase: true, out var least) && Enum.IsDefined(least) ? least : null,
            Enum.TryParse<UrgencyBand>(band, ignoreCase: true, out var urgency) && Enum.IsDefined(urgency) ? urgency : null, Cut(owner), string.IsNullOrEmpty(rule) ? null : Cut(rule), about);
    }

    /// <summary>The query part of the address, without "?".</summary>
    public string Query()
    {
        var query = new StringBuilder("tab=").Append(Tab);
        void Add(string name, string? value)
        {
            if (value is not null) query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
        Add("q", Text.Length == 0 ? null : Text);
        Add("sev", AtLeast?.ToString());
        Add("band", Band?.ToString());
        Add("owner", Owner);
        Add("rule", Rule);
        Add("entity", Entity?.ToString());
        return query.ToString();
    }

    public string Url(long? alert = null) => "/live?" + Query() + (alert is { } id ? "&alert=" + id.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");

    public AlertQuery ToQuery(string person) => (Tab switch
    {
        "mine" => new AlertQuery { Owner = person },
        "shelved" => new AlertQuery { Shelved = true },
        "closed" => new AlertQuery { Statuses = [AlertStatus.Closed], Order = AlertOrder.Newest },
        _ => new AlertQuery { Statuses = [AlertStatus.New, AlertStatus.Acknowledged, AlertStatus.Escalated], Owner = Owner },
    }) with { Limit = Most, Text = Text.Trim().Length == 0 ? null : Text.Trim(), AtLeast = AtLeast, Band = Band, RuleId = Rule, Entity = Entity };

    private static string? Cut(string? text) => text?.Length > MaxText ? text[..MaxText] : text;
}
