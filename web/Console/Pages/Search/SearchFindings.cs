using Beacon.Events;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>What a search found besides its events: how many, when, and their most frequent values.</summary>
internal sealed record SearchFindings
{
    internal static readonly string[] FacetFields = ["host.name", "event.dataset", "event.action", "user.name", "source.ip", "destination.ip", "event.outcome"];
    private const int Values = 6, Bars = 120;

    public IReadOnlyList<HistogramBucket>? Buckets { get; init; }
    public TimeSpan Interval { get; init; }
    public long? Total { get; init; }
    public IReadOnlyList<Facet> Facets { get; init; } = [];
    /// <summary>Milliseconds that the whole search took.</summary>
    public long Took { get; init; }

    public static async Task<SearchFindings> ReadAsync(IEventStore store, EventFilter filter, TimeRange range, CancellationToken cancellation)
    {
        var interval = SearchLink.Step(range.Length / Bars);
        var buckets = await store.HistogramAsync(filter, range, interval, cancellation);
        var facets = new List<Facet>();
        foreach (var field in FacetFields)
        {
            var values = await store.TopValuesAsync(filter, range, field, Values, cancellation);
            if (values.Count > 0) facets.Add(new Facet(field, values));
        }
        return new SearchFindings { Buckets = buckets, Interval = interval, Total = buckets.Sum(b => b.Count), Facets = facets };
    }

    /// <summary>What people call a field; its own name where they have no other.</summary>
    public static string NameOf(IStringLocalizer<SearchText> T, string field) => FacetFields.Contains(field) ? T["Of" + field] : field;

    /// <summary>The log source that a rule of such events would most likely name.</summary>
    public static string SourceOf(SecurityEvent? e)
    {
        if (e is null) return "linux";
        if (e.GetText("winlog.channel") is not null) return e.GetText("winlog.event_id") is "1" or "4688" ? "windows/process_creation" : "windows";
        return e.GetText("event.module") switch
        {
            { } m when m.StartsWith("zeek", StringComparison.Ordinal) => "zeek", "apache" or "nginx" or "iis" or "tomcat" or "haproxy" or "traefik" or "caddy" => "webserver",
            "fortinet" or "fortigate" or "panw" or "cisco_asa" or "cisco" or "iptables" or "nftables" => "firewall", _ => "linux",
        };
    }
}
