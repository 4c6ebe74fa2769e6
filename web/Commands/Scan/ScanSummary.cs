using System.Globalization;
using System.Text;
using Beacon.Detections.Attack;

namespace Beacon.Web.Commands.Scan;

/// <summary>Counts matches by rule, host and technique.</summary>
internal sealed class ScanSummary
{
    /// <summary>Hosts that are told apart; further ones count together.</summary>
    public const int MaxHosts = 10_000;

    private const int Shown = 10;
    private const string Others = "(other hosts)";

    private readonly Dictionary<string, (ScanRule Rule, long Count)> _rules = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public void Count(ScanMatch match)
    {
        _rules[match.Rule.Id] = (match.Rule, _rules.GetValueOrDefault(match.Rule.Id).Count + 1);
        var host = match.Host.Length == 0 ? "(no host)" : match.Host;
        if (_hosts.Count >= MaxHosts && !_hosts.ContainsKey(host)) host = Others;
        _hosts[host] = _hosts.GetValueOrDefault(host) + 1;
    }

    /// <summary>The most frequent of each, or nothing where nothing matched.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        if (_rules.Count == 0) return "";
        Table(text, "rules", _rules.Values.OrderByDescending(static r => r.Rule.Level).ThenByDescending(static r => r.Count).ThenBy(static r => r.Rule.Title, StringComparer.Ordinal)
            .Select(static r => (r.Count, $"{r.Rule.Level.ToString().ToLowerInvariant(),-13}  {r.Rule.Title}")), _rules.Count);
        Table(text, "hosts", Ordered(_hosts), _hosts.Count);
        var techniques = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (rule, count) in _rules.Values)
            foreach (var id in AttackTags.TechniquesOf(rule.Tags)) techniques[id] = techniques.GetValueOrDefault(id) + count;
        Table(text, "techniques", Ordered(techniques).Select(static t => (t.Count, $"{t.Name,-9}  {AttackCatalog.Find(t.Name)?.Name}")), techniques.Count);
        return text.ToString();
    }

    private static IEnumerable<(long Count, string Name)> Ordered(Dictionary<string, long> counts) =>
        counts.OrderByDescending(static c => c.Value).ThenBy(static c => c.Key, StringComparer.Ordinal).Select(static c => (c.Value, c.Key));

    private static void Table(StringBuilder text, string heading, IEnumerable<(long Count, string Name)> rows, int all)
    {
        text.Append(CultureInfo.InvariantCulture, $"{heading}{(all > Shown ? string.Create(CultureInfo.InvariantCulture, $" (the first {Shown} of {all})") : "")}\n");
        foreach (var (count, name) in rows.Take(Shown)) text.Append(CultureInfo.InvariantCulture, $"  {count,9}  {TerminalText.Clean(name)}\n");
    }
}
