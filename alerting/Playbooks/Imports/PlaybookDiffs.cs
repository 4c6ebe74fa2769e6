using System.Text.Json;

namespace Beacon.Alerting.Playbooks.Imports;

/// <summary>Compares two documents of one playbook, step by step.</summary>
internal static class PlaybookDiffs
{
    private const int MaxValue = 2_000;

    public static PlaybookDiff Of(string id, int from, string before, int to, string after)
    {
        using var first = JsonDocument.Parse(before);
        using var second = JsonDocument.Parse(after);
        var (old, now) = (first.RootElement, second.RootElement);
        var (oldSteps, newSteps) = (Steps(old), Steps(now));
        var steps = new List<StepChange>();
        foreach (var (step, value) in newSteps)
        {
            if (!oldSteps.TryGetValue(step, out var was)) steps.Add(new StepChange(step, Name(value), StepChangeKind.Added, []));
            else if (Changes(was, value, null) is { Count: > 0 } changes) steps.Add(new StepChange(step, Name(value), StepChangeKind.Changed, changes));
        }
        foreach (var (step, value) in oldSteps.Where(s => !newSteps.ContainsKey(s.Key))) steps.Add(new StepChange(step, Name(value), StepChangeKind.Removed, []));
        return new PlaybookDiff(id, from, to, Changes(old, now, "workflow"), [.. steps.OrderBy(s => s.Kind).ThenBy(s => s.Name, StringComparer.Ordinal)]);
    }

    private static Dictionary<string, JsonElement> Steps(JsonElement root) => PlaybookReader.Entries(root, "workflow").Where(s => s.Value.ValueKind == JsonValueKind.Object).ToDictionary(s => s.Name, s => s.Value);

    private static string Name(JsonElement step) => PlaybookReader.String(step, "name") ?? PlaybookReader.String(step, "type") ?? "";

    private static List<PropertyChange> Changes(JsonElement before, JsonElement after, string? without)
    {
        var names = before.EnumerateObject().Select(p => p.Name).Concat(after.EnumerateObject().Select(p => p.Name)).Distinct().Where(n => n != without);
        var changes = new List<PropertyChange>();
        foreach (var name in names)
        {
            var (had, has) = (before.TryGetProperty(name, out var was), after.TryGetProperty(name, out var now));
            if (had && has && JsonElement.DeepEquals(was, now)) continue;
            changes.Add(new PropertyChange(name, had ? Text.Cut(JsonSerializer.Serialize(was), MaxValue) : null, has ? Text.Cut(JsonSerializer.Serialize(now), MaxValue) : null));
        }
        return changes;
    }
}
