namespace Beacon.Alerting.Warnings;

/// <summary>Traffic Light Protocol 2.0 (FIRST): to whom something may go, the narrowest last.</summary>
public static class Tlp
{
    public static IReadOnlyList<string> Markings { get; } = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"];

    /// <summary>The marking as the standard writes it, or null where it is none.</summary>
    public static string? Read(string text)
    {
        var name = text.Trim().ToUpperInvariant();
        if (!name.StartsWith("TLP:", StringComparison.Ordinal)) name = "TLP:" + name;
        return Markings.Contains(name) ? name : null;
    }

    /// <summary>True where <paramref name="to"/> lets more people see it than <paramref name="from"/>.</summary>
    public static bool Widens(string from, string to) => IndexOf(to) < IndexOf(from);

    private static int IndexOf(string marking)
    {
        for (var i = 0; i < Markings.Count; i++) if (Markings[i] == marking) return i;
        return Markings.Count;
    }
}
