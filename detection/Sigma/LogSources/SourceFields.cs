using System.Collections.Concurrent;
using System.Collections.Frozen;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Transformations;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>What events of a log source call the fields of rules.</summary>
internal sealed class SourceFields(SigmaLogSource source, IReadOnlyList<(ProcessingItem Item, FieldTransformation Names)> steps, FrozenSet<string> roots)
{
    private static readonly HashSet<string> NothingApplied = [];
    private static readonly Dictionary<string, IReadOnlyList<string>> NoVariables = [];

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _names = new(StringComparer.Ordinal);
    private readonly PipelineState _state = new(source, NoVariables);

    /// <summary>The event's names for a field that a rule names; none where no event has it.</summary>
    public IReadOnlyList<string> Of(string name) => _names.GetOrAdd(name, n => [.. Map(n, tablesOnly: false).Where(IsEventField)]);

    /// <summary>The event's names for a field that a pipeline named: where no table knows it, it is the event's own.</summary>
    public IReadOnlyList<string> OfMapped(string name) => Map(name, tablesOnly: true);

    private List<string> Map(string name, bool tablesOnly)
    {
        List<string> names = [name];
        foreach (var (item, step) in steps)
        {
            if (tablesOnly && !step.IsTable) continue;
            for (var i = names.Count - 1; i >= 0; i--)
            {
                if (!item.TakesName(names[i], NothingApplied, _state) || step.Map(names[i], source) is not { } mapped) continue;
                names.RemoveAt(i);
                names.InsertRange(i, mapped);
            }
        }
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private bool IsEventField(string name) => name is Matching.FieldReader.TimestampName or "message" or "tags" || (name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 && roots.Contains(name[..dot]));
}
