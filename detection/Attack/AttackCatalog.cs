using System.Collections.Frozen;
using System.Globalization;

namespace Beacon.Detections.Attack;

/// <summary>A matrix of ATT&amp;CK.</summary>
public enum AttackDomain
{
    Enterprise,
    Ics,
    Mobile,
}

/// <summary>A technique or sub-technique of ATT&amp;CK.</summary>
/// <param name="Id">"T1059.001".</param>
/// <param name="Tactics">Short names ("credential-access"); empty for Mobile, of which only ids and names are kept.</param>
/// <param name="State">Empty, "deprecated" or "revoked".</param>
/// <param name="Replacement">Id of what took the place of a revoked one, or empty.</param>
public sealed record AttackTechnique(AttackDomain Domain, string Id, string Name, IReadOnlyList<string> Tactics, string State, string Replacement);

/// <param name="Id">"TA0006".</param>
/// <param name="ShortName">"credential-access".</param>
public sealed record AttackTactic(AttackDomain Domain, string Id, string ShortName, string Name, string State);

/// <summary>
/// Ids and names of MITRE ATT&amp;CK (Enterprise v19, ICS v18.1, Mobile), from the table shipped inside this assembly. © The MITRE
/// Corporation, reproduced with its permission; the terms stand beside the table.
/// </summary>
public static class AttackCatalog
{
    /// <summary>Version of the Enterprise matrix.</summary>
    public const string EnterpriseVersion = "19";

    /// <summary>Version of the ICS matrix.</summary>
    public const string IcsVersion = "18";

    private static readonly Lazy<(FrozenDictionary<string, AttackTechnique> Techniques, AttackTactic[] Tactics)> Table = new(Read);

    /// <summary>All techniques by id, revoked ones too.</summary>
    public static IReadOnlyCollection<AttackTechnique> Techniques => Table.Value.Techniques.Values;

    /// <summary>All tactics, in the order of their matrices.</summary>
    public static IReadOnlyList<AttackTactic> Tactics => Table.Value.Tactics;

    /// <summary>A technique by its id, without case, or null.</summary>
    public static AttackTechnique? Find(string id) => Table.Value.Techniques.GetValueOrDefault(id);

    /// <summary>The technique that stands today: what took the place of a revoked one, as far as the table knows.</summary>
    public static AttackTechnique Current(AttackTechnique technique)
    {
        // Replacements may be revoked in their turn; the table is ours, the ceiling guards against a circle in it.
        for (var step = 0; step < 8 && technique.State == "revoked" && Find(technique.Replacement) is { } next; step++) technique = next;
        return technique;
    }

    private static (FrozenDictionary<string, AttackTechnique>, AttackTactic[]) Read()
    {
        using var stream = typeof(AttackCatalog).Assembly.GetManifestResourceStream("Beacon.Detections.Attack.attack.csv")!;
        using var reader = new StreamReader(stream);
        var techniques = new Dictionary<string, AttackTechnique>(StringComparer.OrdinalIgnoreCase);
        var tactics = new List<AttackTactic>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = Split(line);
            var domain = Enum.Parse<AttackDomain>(CultureInfo.InvariantCulture.TextInfo.ToTitleCase(cells[0]));
            if (cells[1].StartsWith("TA", StringComparison.Ordinal)) tactics.Add(new AttackTactic(domain, cells[1], cells[3], cells[2], cells[4]));
            else techniques[cells[1]] = new AttackTechnique(domain, cells[1], cells[2], cells[3].Split('|', StringSplitOptions.RemoveEmptyEntries), cells[4], cells[5]);
        }
        return (techniques.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), [.. tactics]);
    }

    /// <summary>Cells of a line; a name with a comma stands in quotes.</summary>
    private static string[] Split(string line)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            var quoted = at < line.Length && line[at] == '"';
            var end = quoted ? line.IndexOf('"', at + 1) : line.IndexOf(',', at);
            if (end < 0) end = line.Length;
            cells.Add(quoted ? line[(at + 1)..end] : line[at..end]);
            at = end + (quoted ? 2 : 1);
        }
        return [.. cells];
    }
}
