using System.Text.Json;
using System.Text.Json.Serialization;

namespace Beacon.Alerting.Playbooks.Drills;

/// <summary>Reads drills: files that others may write, so every fault is said and nothing is unbounded.</summary>
public static class DrillReader
{
    public const string Ending = ".drill.json";
    public const int MaxBytes = 256 * 1024;
    public const int MaxEvents = 500;
    /// <summary>Lines that one drill sends, repetitions counted.</summary>
    public const int MaxLines = 5_000;
    private const int MaxLine = 16 * 1024;
    private const int MaxAfter = 60_000;

    /// <returns>The drill, or what is wrong with it: each fault begins with its JSON path.</returns>
    public static (Drill? Drill, IReadOnlyList<string> Faults) Read(ReadOnlySpan<byte> json, string name)
    {
        if (json.Length > MaxBytes) return (null, [$"$: a drill has at most {MaxBytes} bytes"]);
        Drill drill;
        try
        {
            drill = JsonSerializer.Deserialize(json, DrillJson.Default.Drill) is { } read ? read with { Name = name } : throw new JsonException("a drill is a JSON object");
        }
        catch (JsonException fault)
        {
            return (null, [$"{fault.Path ?? "$"}: {Text.Cut(fault.Message, 500)}"]);
        }
        var faults = Check(drill).ToList();
        return (faults.Count == 0 ? drill : null, faults);
    }

    private static IEnumerable<string> Check(Drill drill)
    {
        if (!drill.Playbook.StartsWith("playbook--", StringComparison.Ordinal)) yield return "$.playbook: is the id of a playbook";
        if (drill.Title.Trim().Length is 0 or > 300) yield return "$.title: has 1 to 300 characters";
        if (drill.Events.Count is 0 or > MaxEvents) yield return $"$.events: has 1 to {MaxEvents} events";
        if (drill.Events.Sum(e => (long)Math.Max(e.Times, 0)) > MaxLines) yield return $"$.events: sends at most {MaxLines} lines";
        for (var i = 0; i < Math.Min(drill.Events.Count, MaxEvents); i++)
        {
            var one = drill.Events[i];
            if (string.IsNullOrEmpty(one.Line) || one.Line.Length > MaxLine || one.Line.AsSpan().IndexOfAny('\r', '\n') >= 0) yield return $"$.events[{i}].line: is one line of 1 to {MaxLine} characters";
            if (one.After is < 0 or > MaxAfter) yield return $"$.events[{i}].after: is 0 to {MaxAfter} ms";
            if (one.Times is < 1 or > 1_000) yield return $"$.events[{i}].times: is 1 to 1000";
        }
        if (drill.Assets.Count > 100) yield return "$.assets: at most 100";
        if (drill.Expect.Rules.Count is 0 or > 50) yield return "$.expect.rules: names 1 to 50 rules";
        if (!Warnings.WarningCategories.All.Contains(drill.Expect.Category)) yield return "$.expect.category: is one of " + string.Join(", ", Warnings.WarningCategories.All);
        if (drill.Expect.Level == Warnings.WarningLevel.None) yield return "$.expect.level: is blue, yellow, orange or red";
        if (drill.Path.Count is 0 or > RunRecording.MaxSteps) yield return $"$.path: names 1 to {RunRecording.MaxSteps} steps";
        if (drill.People.Count + drill.Targets.Count > RunRecording.MaxSteps) yield return $"$.people: with targets at most {RunRecording.MaxSteps} answers";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(Drill))]
internal sealed partial class DrillJson : JsonSerializerContext;
