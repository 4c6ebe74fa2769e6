namespace Beacon.Alerting.Warnings;

/// <summary>The kinds of warning there are.</summary>
public static class WarningCategories
{
    public static IReadOnlyList<string> All { get; } = [.. WarningCategory.Names];

    /// <summary>The titles that warnings get by themselves, each by a name of its own; {0} is what it is about.</summary>
    public static IReadOnlyList<(string Name, string Form)> Titles { get; } = [.. WarningCategory.Titles];
}

/// <summary>What kind of warning it is: the furthest stage seen decides.</summary>
internal static class WarningCategory
{
    private static readonly (string Tactic, string Category, string Title)[] ByStage =
    [
        ("impair-process-control", "unauthorised-control", "Unauthorised control of {0}"),
        ("inhibit-response-function", "loss-of-protection", "Protection or alarms of {0} are held back"),
        ("impact", "destruction", "Data or service of {0} is being destroyed or held to ransom"),
        ("exfiltration", "data-theft", "Data leaves {0}"),
        ("command-and-control", "remote-control", "{0} is controlled from outside"),
        ("collection", "data-theft", "Data is being gathered on {0}"),
        ("lateral-movement", "spreading-intrusion", "An intrusion spreads to {0}"),
        ("credential-access", "stolen-credentials", "Passwords or keys are guessed or stolen on {0}"),
        ("discovery", "reconnaissance", "{0} is being explored"),
        ("evasion", "hidden-activity", "Something hides its tracks on {0}"),
        ("defense-impairment", "hidden-activity", "Protection or logging is switched off on {0}"),
        ("stealth", "hidden-activity", "Something hides its tracks on {0}"),
        ("defense-evasion", "hidden-activity", "Something hides its tracks on {0}"),
        ("privilege-escalation", "intrusion", "Somebody took higher rights on {0}"),
        ("persistence", "intrusion", "Somebody made a way back into {0}"),
        ("execution", "intrusion", "Foreign commands run on {0}"),
        ("initial-access", "intrusion-attempt", "Somebody tries to enter {0}"),
        ("resource-development", "reconnaissance", "An attack on {0} is being prepared"),
        ("reconnaissance", "reconnaissance", "{0} is being explored from outside"),
    ];

    public static IEnumerable<string> Names => ByStage.Select(s => s.Category).Append("loss-of-view").Append("anomaly").Distinct();

    private const string Entered = "Somebody got into {0}", Silent = "{0} is silent: no view of it", Unusual = "Unusual activity on {0}";

    public static IEnumerable<(string Name, string Form)> Titles => ByStage.Select(s => (s.Tactic, s.Title)).Append(("entered", Entered)).Append(("silent", Silent)).Append(("unusual", Unusual)).DistinctBy(t => t.Item2);

    public static (string Category, string Title) Of(IReadOnlyCollection<string> stages, bool silent, string subject)
    {
        foreach (var (tactic, category, title) in ByStage)
        {
            // A login with a stolen account is tagged as both: what people must hear first is that somebody is in.
            if (tactic == "persistence" && stages.Contains(tactic) && stages.Contains("initial-access")) return (category, Said(Entered));
            if (stages.Contains(tactic)) return (category, Said(title));
        }
        return silent ? ("loss-of-view", Said(Silent)) : ("anomaly", Said(Unusual));

        string Said(string form) => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, subject);
    }
}
