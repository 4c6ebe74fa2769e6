using System.Text.RegularExpressions;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Detections.Rules.Drafts;

/// <summary>A rule's text that has faults yet. It is kept, is no rule, and stays a draft until it is sound.</summary>
/// <param name="Id">Of the draft whose newest text it is; a new rule's own, where it says one, else one that was made for it.</param>
public sealed partial record UnfinishedDraft(string Id, string Title, string Text, DateTimeOffset At, string By)
{
    public const string Kind = "unfinished";

    /// <summary>As the console lists it beside the rules.</summary>
    public RuleView View => new(Id, Title, "", Kind, Severity.Informational, "", By, [], [], [], "", RuleStage.Draft, null, Text, "", IsUserRule: true, 0, 0, "", null, null) { IsUnfinished = true };

    /// <summary>What a text calls itself, faults or not; empty where it does not say.</summary>
    public static string TitleOf(string text) => TitleLine().Match(text) is { Success: true } found ? found.Groups[1].Value.Trim().Trim('\'', '"') : "";

    /// <summary>The UUID that a text gives as its id; null where it gives none.</summary>
    public static string? IdOf(string text) => IdLine().Match(text) is { Success: true } found && Guid.TryParseExact(found.Groups[1].Value, "D", out var id) ? id.ToString("D") : null;

    [GeneratedRegex(@"^title:[ ]*([^\r\n]{1,256})", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TitleLine();

    [GeneratedRegex(@"^id:[ ]*['""]?([0-9A-Fa-f-]{36})", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex IdLine();
}
