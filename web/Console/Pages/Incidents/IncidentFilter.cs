using Beacon.Alerting.Incidents;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>What the list of incidents shows, and in which order: it stands in the page's address.</summary>
/// <param name="Phase">Null for each of the tab's.</param>
/// <param name="Owner">Null for whoever; "" for nobody's.</param>
public sealed record IncidentFilter(bool Closed = false, string Text = "", IncidentStatus? Phase = null, string? Owner = null, IncidentOrder Order = IncidentOrder.Updated, bool Reversed = false)
{
    /// <summary>Owners that a list offers to choose from, at most.</summary>
    public const int MostPeople = 500;

    private const int MaxText = 200;

    public static IReadOnlyList<IncidentStatus> Phases { get; } = [IncidentStatus.Detect, IncidentStatus.Respond, IncidentStatus.Recover];

    /// <summary>True where something beyond the tab narrows the list.</summary>
    public bool Narrows => Text.Trim().Length > 0 || Phase is not null || Owner is not null;

    /// <summary>Reads an address; what it doesn't know it leaves out.</summary>
    public static IncidentFilter Parse(string? show, string? text, string? phase, string? owner, string? order, string? reversed) => new(
        show == "closed", Cut(text) ?? "", show != "closed" && Enum.TryParse<IncidentStatus>(phase, ignoreCase: true, out var known) && Phases.Contains(known) ? known : null, Cut(owner),
        Enum.TryParse<IncidentOrder>(order, ignoreCase: true, out var by) && Enum.IsDefined(by) ? by : IncidentOrder.Updated, reversed == "1");

    /// <summary>The page's address.</summary>
    public string Url()
    {
        var parts = new List<string>();
        void Add(string name, string? value)
        {
            if (value is not null) parts.Add(name + "=" + Uri.EscapeDataString(value));
        }
        Add("show", Closed ? "closed" : null);
        Add("q", string.IsNullOrWhiteSpace(Text) ? null : Text);
        Add("phase", Phase?.ToString());
        Add("owner", Owner);
        Add("by", Order == IncidentOrder.Updated ? null : Order.ToString());
        Add("back", Reversed ? "1" : null);
        return parts.Count == 0 ? "/incidents" : "/incidents?" + string.Join('&', parts);
    }

    /// <summary>In an order as its column's head is pressed: another order from its beginning, the same one from its end.</summary>
    public IncidentFilter By(IncidentOrder order) => this with { Order = order, Reversed = order == Order && !Reversed };

    /// <param name="terms">What the text is looked for as, where titles are kept in other words than they are read in.</param>
    public IncidentQuery ToQuery(IReadOnlyList<IncidentTerm> terms) => new()
    {
        Statuses = Closed ? [IncidentStatus.Closed] : Phase is { } phase ? [phase] : Phases, Owner = Owner, Text = terms.Count > 0 ? null : Text, Terms = terms, Order = Order, Reversed = Reversed,
    };

    private static string? Cut(string? text) => text?.Length > MaxText ? text[..MaxText] : text;
}
