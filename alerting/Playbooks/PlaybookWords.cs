using System.Globalization;

namespace Beacon.Alerting.Playbooks;

/// <summary>A playbook's texts in one language; what is missing stays as the document has it.</summary>
/// <param name="Agents">Names by agent or target id.</param>
/// <param name="Variables">Descriptions by variable name.</param>
internal sealed record PlaybookWords(
    string? Name, string? Description, IReadOnlyDictionary<string, StepWords> Steps, IReadOnlyDictionary<string, string> Agents, IReadOnlyDictionary<string, string> Variables);

/// <param name="Commands">Of a manual step, one for each of its commands; empty where they are not translated.</param>
internal sealed record StepWords(string? Name, string? Description, IReadOnlyList<string> Commands);

/// <summary>A playbook as a viewer reads it. Only views use it: what is run, approved and recorded is the document's own text.</summary>
internal static class PlaybookInLanguage
{
    /// <summary>The playbook in the nearest language it has: the culture's, its parent's, else its own.</summary>
    public static Playbook In(this Playbook playbook, CultureInfo culture) => LanguageOf(playbook, culture) is { } language ? Spoken(playbook, playbook.Languages[language]) : playbook;

    /// <summary>Which of the playbook's languages a viewer of the culture reads; null for the document's own.</summary>
    public static string? LanguageOf(Playbook playbook, CultureInfo culture)
    {
        for (; culture.Name.Length > 0; culture = culture.Parent)
            if (playbook.Languages.Keys.FirstOrDefault(k => k.Equals(culture.Name, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        return null;
    }

    public static Playbook Spoken(Playbook playbook, PlaybookWords words) => playbook with
    {
        Name = words.Name ?? playbook.Name, Description = words.Description ?? playbook.Description,
        Steps = playbook.Steps.ToDictionary(s => s.Key, s => words.Steps.TryGetValue(s.Key, out var own) ? Spoken(s.Value, own) : s.Value),
        Agents = playbook.Agents.ToDictionary(a => a.Key, a => words.Agents.TryGetValue(a.Key, out var name) ? a.Value with { Name = name } : a.Value),
        Variables = playbook.Variables.ToDictionary(v => v.Key, v => words.Variables.TryGetValue(v.Key, out var text) ? v.Value with { Description = text } : v.Value),
    };

    private static PlaybookStep Spoken(PlaybookStep step, StepWords words) => step with
    {
        Name = words.Name ?? step.Name, Description = words.Description ?? step.Description,
        Commands = step.IsManual && words.Commands.Count == step.Commands.Count ? [.. step.Commands.Zip(words.Commands, (c, text) => c with { Text = text })] : step.Commands,
    };
}
