using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Where a saved text goes among the installation's files, and what else stays in its file.</summary>
internal sealed class RuleFileText
{
    private readonly IReadOnlyList<LoadedRule> _kept;

    /// <param name="head">The id that names a new file.</param>
    public RuleFileText(string folder, string head, IReadOnlyList<LoadedRule> rules, IReadOnlyList<LoadedRule> present)
    {
        if (rules.Any(static r => r.Scheduled is not null)) folder = System.IO.Path.Combine(folder, RuleFiles.ScheduledFolder);
        var ids = rules.Select(static r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var replaced = present.Where(r => ids.Contains(r.Id)).ToArray();
        // Ids are UUIDs, so the name cannot leave the folder.
        Path = System.IO.Path.Combine(folder, head + ".yml");
        if (replaced.Length > 0 && IsOurs(replaced[0].File, folder, present)) Path = replaced[0].File;
        _kept = [.. present.Where(r => !ids.Contains(r.Id) && SamePath(r.File, Path))];
        foreach (var rule in replaced)
        {
            if (!rule.IsUser) Refusal = Fault($"the id {rule.Id} belongs to the shipped rule '{rule.Title}'", "give the rule an id of its own, and switch the shipped one off");
            else if (!SamePath(rule.File, Path)) Refusal = Fault($"the id {rule.Id} is in use in {rule.File}", "edit that file");
        }
    }

    public string Path { get; }

    /// <summary>Why the text cannot be saved, or null.</summary>
    public SigmaFault? Refusal { get; }

    /// <summary>The file's text: other rules of the file stay before it.</summary>
    public string With(string text) => _kept.Count == 0 ? text : string.Join("\n---\n", _kept.Select(static r => r.Source).Append(text));

    public static bool SamePath(string a, string b) => System.IO.Path.GetFullPath(a) == System.IO.Path.GetFullPath(b);

    /// <summary>A file that was written by saving: it lies in the folder and is named by a rule in it.</summary>
    private static bool IsOurs(string file, string folder, IReadOnlyList<LoadedRule> present) =>
        SamePath(System.IO.Path.GetDirectoryName(file) ?? "", folder)
        && present.Any(r => SamePath(r.File, file) && r.Id.Equals(System.IO.Path.GetFileNameWithoutExtension(file), StringComparison.OrdinalIgnoreCase));

    private static SigmaFault Fault(Phrase message, Phrase hint) => new("rule.yml", 1, 1, FaultCodes.Value, FaultSeverity.Error, message, hint);
}
