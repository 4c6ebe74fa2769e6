using System.Collections.Frozen;

namespace Beacon.Alerting;

/// <summary>What this room reads from ATT&amp;CK tags as Sigma writes them ("attack.t1110.001", "attack.credential-access").</summary>
internal static class Attack
{
    /// <summary>Tactics of ATT&amp;CK Enterprise and ICS, in the order of an attack. Newer versions of ATT&amp;CK have stealth and defense impairment in place of defense evasion; rules use either.</summary>
    public static IReadOnlyList<string> Tactics { get; } =
    [
        "reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation",
        "defense-evasion", "stealth", "defense-impairment", "evasion", "credential-access", "discovery", "lateral-movement", "collection", "command-and-control",
        "exfiltration", "inhibit-response-function", "impair-process-control", "impact",
    ];

    private static readonly FrozenDictionary<string, int> Order =
        Tactics.Select((t, i) => (t, i)).ToFrozenDictionary(x => x.t, x => x.i);

    /// <summary>Place of a tactic in an attack, or -1.</summary>
    public static int OrderOf(string tactic) => Order.GetValueOrDefault(tactic, -1);

    public static IEnumerable<string> TacticsOf(IEnumerable<string> tags) =>
        tags.Select(t => Name(t)?.Replace('_', '-')).OfType<string>().Where(Order.ContainsKey).Distinct();

    /// <summary>"T1110.001", "T0855".</summary>
    public static IEnumerable<string> TechniquesOf(IEnumerable<string> tags) =>
        tags.Select(Name).OfType<string>().Where(IsTechnique).Select(t => t.ToUpperInvariant()).Distinct();

    public static bool IsTechnique(string name) =>
        name.Length is 5 or 9 && name[0] is 't' or 'T' && name.AsSpan(1, 4).ContainsAnyExceptInRange('0', '9') is false
        && (name.Length == 5 || (name[5] == '.' && name.AsSpan(6).ContainsAnyExceptInRange('0', '9') is false));

    /// <summary>"T1110" of "T1110.001".</summary>
    public static string ParentOf(string technique) => technique.Length > 5 ? technique[..5] : technique;

    private static string? Name(string tag) =>
        tag.StartsWith("attack.", StringComparison.OrdinalIgnoreCase) ? tag[7..].ToLowerInvariant() : null;
}
