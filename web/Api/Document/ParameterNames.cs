namespace Beacon.Web.Api.Document;

/// <summary>Parameters that mean the same wherever they stand.</summary>
internal static class ParameterNames
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["action"] = "What to do; the summary lists it.",
        ["active"] = "Only those in force.",
        ["actor"] = "Who did it.",
        ["after"] = "Where the page before ended: its `next`, or its last sequence number.",
        ["atLeast"] = "Of this grade or graver.",
        ["before"] = "Only those before this number, which is how older ones are asked for.",
        ["clearance"] = "The TLP 2.0 circle it is written for.",
        ["description"] = "What it is, in words.",
        ["field"] = "A field's name, as in ECS.",
        ["from"] = "Since this instant; the first version where versions are compared.",
        ["hours"] = "How far back, in hours.",
        ["id"] = "Its id, as a list gives it.",
        ["incident"] = "Only of this incident, by id.",
        ["limit"] = "How many at most.",
        ["name"] = "Its name.",
        ["note"] = "Why, for the record.",
        ["offset"] = "How many of the list are passed over, 0 or more.",
        ["oldestFirst"] = "Oldest first instead of newest first.",
        ["owner"] = "Only this person's, by sign-in name.",
        ["q"] = "A query in the language of the query bar; all events where it is left out.",
        ["reason"] = "Why, for the record.",
        ["rule"] = "A rule's id.",
        ["seconds"] = "Length of an interval, in seconds.",
        ["source"] = "A source's id.",
        ["status"] = "Only those in this state.",
        ["text"] = "Only what has this text somewhere.",
        ["to"] = "Until this instant, itself not included; the second version where versions are compared.",
        ["version"] = "The version that was read; a change of it by somebody else meanwhile answers 409.",
    };

    public static string Of(string name) => Words.GetValueOrDefault(name) ?? "Its " + string.Concat(name.Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString())) + ".";
}
