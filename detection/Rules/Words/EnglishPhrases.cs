using System.Collections.Frozen;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Words;

internal sealed class EnglishPhrases : RulePhrases
{
    private static readonly FrozenDictionary<string, string> Subjects = new Dictionary<string, string>
    {
        ["process_creation"] = "A started process", ["process_termination"] = "An ended process", ["process_access"] = "An access to another process's memory", ["process_tampering"] = "A process whose image was changed",
        ["network_connection"] = "A network connection", ["file_event"] = "A created file", ["file_change"] = "A file whose creation time was changed", ["file_delete"] = "A deleted file", ["file_access"] = "An access to a file",
        ["file_rename"] = "A renamed file", ["file_executable_detected"] = "A created executable file", ["image_load"] = "A loaded library", ["driver_load"] = "A loaded driver", ["registry_add"] = "An added registry key",
        ["registry_delete"] = "A deleted registry entry", ["registry_set"] = "A set registry value", ["registry_rename"] = "A renamed registry entry", ["registry_event"] = "A change of the registry", ["dns_query"] = "A DNS query", ["dns"] = "A DNS query",
        ["pipe_created"] = "A named pipe", ["create_remote_thread"] = "A thread started in another process", ["create_stream_hash"] = "An alternate data stream", ["raw_access_thread"] = "A direct read of a disk",
        ["ps_script"] = "A PowerShell script block", ["ps_module"] = "A PowerShell command", ["ps_classic_start"] = "A start of PowerShell", ["ps_classic_provider_start"] = "A start of a PowerShell provider", ["ps_classic_script"] = "A PowerShell command",
        ["wmi_event"] = "A WMI event subscription", ["webserver"] = "A request to a web server", ["proxy"] = "A request through a proxy", ["firewall"] = "A connection at a firewall", ["antivirus"] = "A finding of an antivirus", ["database"] = "A database query",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Affirmed, denied. {0} is the value.
    private static readonly FrozenDictionary<Predicate, (string Yes, string No)> Verbs = new Dictionary<Predicate, (string, string)>
    {
        [Predicate.Is] = ("is {0}", "is not {0}"), [Predicate.EndsWith] = ("ends with {0}", "does not end with {0}"), [Predicate.BeginsWith] = ("begins with {0}", "does not begin with {0}"),
        [Predicate.Contains] = ("contains {0}", "does not contain {0}"), [Predicate.Like] = ("is of the form {0}", "is not of the form {0}"), [Predicate.HasAny] = ("has any value", "has no value"),
        [Predicate.Empty] = ("is empty", "is not empty"), [Predicate.Null] = ("is absent or without a value", "has a value"), [Predicate.Regex] = ("matches the regular expression {0}", "does not match the regular expression {0}"),
        [Predicate.Network] = ("lies in {0}", "lies outside {0}"), [Predicate.Less] = ("is below {0}", "is not below {0}"), [Predicate.LessOrEqual] = ("is at most {0}", "is above {0}"),
        [Predicate.Greater] = ("is above {0}", "is not above {0}"), [Predicate.GreaterOrEqual] = ("is at least {0}", "is below {0}"), [Predicate.Exists] = ("is there", "is absent"),
        [Predicate.SameAs] = ("equals the field {0}", "differs from the field {0}"), [Predicate.BeginsWithField] = ("begins with the field {0}", "does not begin with the field {0}"),
        [Predicate.EndsWithField] = ("ends with the field {0}", "does not end with the field {0}"), [Predicate.ContainsField] = ("contains the field {0}", "does not contain the field {0}"),
        [Predicate.Minute] = ("falls in the minute {0}", "does not fall in the minute {0}"), [Predicate.Hour] = ("falls in the hour {0}", "does not fall in the hour {0}"), [Predicate.Day] = ("falls on the day {0} of a month", "does not fall on the day {0} of a month"),
        [Predicate.Week] = ("falls in the week {0}", "does not fall in the week {0}"), [Predicate.Month] = ("falls in the month {0}", "does not fall in the month {0}"), [Predicate.Year] = ("falls in the year {0}", "does not fall in the year {0}"),
        [Predicate.Listed] = ("is in the list {0}", "is not in the list {0}"),
    }.ToFrozenDictionary();

    public override string Further => "further conditions";

    public override string Subject(SigmaLogSource source) => Subjects.GetValueOrDefault(source.Category) ?? $"An event of {NameOf(source)}";

    public override string Sentence(string subject, string? wanted, IReadOnlyList<string> unless)
    {
        var first = wanted is null ? subject : subject + " " + wanted;
        return unless.Count switch
        {
            0 => first + ".",
            1 => first + ", unless it is one " + unless[0] + ".",
            _ => $"{first}. Left out is one {string.Join("; one ", unless)}.",
        };
    }

    public override string Join(bool all, IReadOnlyList<string> parts, bool nested)
    {
        if (all) return string.Join(" and ", parts);
        return nested ? Group(string.Join(" or ", parts)) : "either " + string.Join("; or ", parts);
    }

    public override string Group(string said) => "(" + said + ")";

    public override string Say(Clause clause)
    {
        if (clause.Field is null) return clause.Negated ? $"without {Values(clause, quoted: true)} anywhere in it" : $"with {Values(clause, quoted: true)} anywhere in it";
        var (yes, no) = Verbs[clause.Predicate];
        var several = clause.Negated && clause.Values.Count > 1;
        // Of several values "not one of" would be read either way.
        var said = (several ? yes : clause.Negated ? no : yes).Replace("{0}", Values(clause, Quoted(clause.Predicate)), StringComparison.Ordinal);
        return $"whose {Cut(clause.Field)} {said}{(clause.AnyDash ? " (with any kind of dash)" : "")}{(clause.Cased ? " (case counts)" : "")}";
    }

    private static bool Quoted(Predicate predicate) => predicate is Predicate.Is or Predicate.EndsWith or Predicate.BeginsWith or Predicate.Contains or Predicate.Like;

    private static string Values(Clause clause, bool quoted)
    {
        var named = clause.Values.Take(MaxValues).Select(v => quoted ? "'" + Cut(v) + "'" : Cut(v)).ToArray();
        var more = clause.Values.Count - named.Length;
        var tail = more > 0 ? $" and {Number(more)} more" : "";
        if (clause.Values.Count <= 1) return string.Concat(named);
        if (clause.Negated) return (clause.All ? "not all of " : "none of ") + string.Join(", ", named) + tail;
        if (clause.Values.Count == 2) return clause.All ? $"both {named[0]} and {named[1]}" : $"{named[0]} or {named[1]}";
        return (clause.All ? "all of " : "one of ") + string.Join(", ", named) + tail;
    }
}
