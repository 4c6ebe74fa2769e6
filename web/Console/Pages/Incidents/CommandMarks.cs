using Beacon.Alerting.Playbooks;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Cuts a command into what the playbook says and what was filled in from the run's variables, so that a person sees what to check.</summary>
internal static class CommandMarks
{
    private const int Shortest = 2, MaxParts = 200;

    public static IReadOnlyList<(string Text, bool Filled)> Split(string command, IEnumerable<RunVariable> variables)
    {
        // The longest first: an address is one value, not the port that stands within it.
        var values = variables.Select(v => v.Value).Where(v => v.Length >= Shortest && v is not ("true" or "false")).Distinct().OrderByDescending(v => v.Length).Take(100).ToList();
        var parts = new List<(string, bool)>();
        var from = 0;
        for (var i = 0; i < command.Length && parts.Count < MaxParts;)
        {
            var value = values.Find(v => string.CompareOrdinal(command, i, v, 0, v.Length) == 0 && Stands(command, i, v.Length));
            if (value is null)
            {
                i++;
                continue;
            }
            if (i > from) parts.Add((command[from..i], false));
            parts.Add((value, true));
            from = i += value.Length;
        }
        if (from < command.Length) parts.Add((command[from..], false));
        return parts;
    }

    /// <summary>Not within a longer word or number.</summary>
    private static bool Stands(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at])) && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]) || !char.IsLetterOrDigit(text[at + length - 1]));
}
