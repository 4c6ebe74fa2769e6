using Beacon.Alerting.Alerts;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>Alike alerts that stand as one line until it is opened.</summary>
/// <param name="Key">Stays the same while alerts come and go.</param>
/// <param name="Alerts">Most urgent first.</param>
public sealed record Flood(string Key, string RuleId, string RuleTitle, IReadOnlyList<AlertSummary> Alerts, bool Open);

/// <summary>One line of the list: an alert, or a flood.</summary>
/// <param name="Band">Header before it, where a band begins.</param>
/// <param name="Inside">It belongs to the opened flood above.</param>
public sealed record LiveLine(string Key, AlertSummary? Alert, Flood? Flood, UrgencyBand? Band, bool Inside);

/// <summary>Makes lines of alerts: bands of urgency, and floods as one line each.</summary>
internal static class LiveLines
{
    /// <summary>This many new alerts of one rule and band that nobody has are a flood.</summary>
    public const int FloodFrom = 5;

    /// <summary>This many alerts of one rule that came within a minute chatter (ISA-18.2).</summary>
    public const int ChatterFrom = 3;

    /// <param name="alerts">In the order of the list.</param>
    /// <param name="open">Keys of the floods that are open.</param>
    /// <param name="gather">False shows every alert by itself.</param>
    public static IReadOnlyList<LiveLine> Of(IReadOnlyList<AlertSummary> alerts, IReadOnlySet<string> open, bool gather)
    {
        var floods = !gather ? [] : alerts.Where(IsFree).GroupBy(KeyOf).Where(g => g.Count() >= FloodFrom).ToDictionary(g => g.Key, g => new Flood(g.Key, g.First().RuleId, g.First().RuleTitle, [.. g], open.Contains(g.Key)));
        var lines = new List<LiveLine>(alerts.Count);
        var told = new HashSet<string>();
        UrgencyBand? band = null;
        foreach (var alert in alerts)
        {
            if (!IsFree(alert) || !floods.TryGetValue(KeyOf(alert), out var flood))
            {
                Add(new LiveLine(KeyOf(alert.Id), alert, null, null, false), alert.Urgency.Band);
                continue;
            }
            if (!told.Add(flood.Key)) continue;
            Add(new LiveLine(flood.Key, null, flood, null, false), alert.Urgency.Band);
            if (flood.Open) lines.AddRange(flood.Alerts.Select(a => new LiveLine(KeyOf(a.Id), a, null, null, true)));
        }
        return lines;

        void Add(LiveLine line, UrgencyBand of)
        {
            lines.Add(of == band ? line : line with { Band = of });
            band = of;
        }
    }

    /// <summary>Where the last lines begin that are all one row high, without a header among them but before the first: those can be drawn as a window.</summary>
    /// <returns>The count of lines where there is no such end.</returns>
    public static int WindowFrom(IReadOnlyList<LiveLine> lines)
    {
        var from = lines.Count;
        while (from > 0 && IsOneRow(lines[from - 1]))
        {
            from--;
            if (lines[from].Band is not null) break;
        }
        return from;
    }

    /// <summary>Drawn in one row, whatever its title.</summary>
    public static bool IsOneRow(LiveLine line) => line.Flood is not null || line.Inside || line.Alert!.Urgency.Band == UrgencyBand.ThisShift;

    /// <summary>Rules of which several alerts came within one minute.</summary>
    public static IReadOnlySet<string> Chattering(IEnumerable<AlertSummary> alerts) =>
        alerts.GroupBy(a => (a.RuleId, a.CreatedAt.UtcTicks / TimeSpan.TicksPerMinute)).Where(g => g.Count() >= ChatterFrom).Select(g => g.Key.RuleId).ToHashSet();

    public static string KeyOf(long alert) => "a" + alert.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Whoever has taken one wants to see it.
    private static bool IsFree(AlertSummary alert) => alert is { Status: AlertStatus.New, Owner: null };

    private static string KeyOf(AlertSummary alert) => $"f:{alert.Urgency.Band}:{alert.RuleId}";
}
