using System.Collections.Frozen;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Which command types are run here, and by what.</summary>
internal sealed class PlaybookActions
{
    public const string Manual = "manual";

    /// <summary>Command types of CACAO 2.0 (section 5) that want a program Beacon does not bring.</summary>
    private static readonly FrozenDictionary<string, Phrase> Foreign = new Dictionary<string, Phrase>
    {
        ["caldera-cmd"] = "they want a Caldera server", ["jupyter"] = "they want a Jupyter server", ["kestrel"] = "they want a Kestrel runtime", ["yara"] = "they want a scanner on the target",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, IPlaybookAction> _byType;

    /// <exception cref="InvalidOperationException">Two actions claim one command type.</exception>
    public PlaybookActions(IEnumerable<IPlaybookAction> actions)
    {
        var byType = new Dictionary<string, IPlaybookAction>(StringComparer.Ordinal);
        foreach (var action in actions)
            foreach (var type in action.CommandTypes)
                if (type == Manual || !byType.TryAdd(type, action)) throw new InvalidOperationException($"commands of type '{type}' are claimed twice, the second time by {action.GetType().Name}");
        _byType = byType.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All that is run here, manual among them, in alphabetical order.</summary>
    public IReadOnlyList<string> Types => [.. _byType.Where(a => a.Value.Refusal(a.Key) is null).Select(a => a.Key).Append(Manual).Order(StringComparer.Ordinal)];

    public IPlaybookAction? Find(string type) => _byType.GetValueOrDefault(type);

    /// <summary>Why commands of the type are not run here; null where they are.</summary>
    public Phrase? Refusal(string type)
    {
        if (type == Manual) return null;
        var why = _byType.TryGetValue(type, out var action) ? action.Refusal(type) : Foreign.GetValueOrDefault(type, "no action does them");
        return why is null ? null : (Phrase)$"commands of type '{Text.Cut(type, 50)}' are not run here: {why}. Run are {string.Join(", ", Types)}";
    }

    /// <summary>True where a step that was under way at a crash may be done again by itself.</summary>
    public bool IsRepeatable(PlaybookStep step) =>
        step.Commands.All(c => Find(c.Type) is { } action && action.IsRepeatable(step, c) && !action.ChangesTarget(step, c));

    public bool ChangesTarget(PlaybookStep step) => step.Commands.Any(c => c.Type != Manual && Find(c.Type)?.ChangesTarget(step, c) != false);

    public IReadOnlyList<string> Describe(ActionCall call) => [.. call.Step.Commands.SelectMany(c => Find(c.Type)?.Describe(call, c) ?? [VariableReference.Fill(c.Text, call.Variable)]).Select(l => Text.Cut(l, 2_000))];

    /// <summary>How long all commands of a step may take.</summary>
    public TimeSpan TimeLimit(PlaybookStep step)
    {
        if (step.Timeout is { } limit) return limit;
        var sum = TimeSpan.Zero;
        foreach (var command in step.Commands) sum += (Find(command.Type)?.TimeLimit ?? TimeSpan.Zero) * Math.Max(1, step.Targets.Count);
        return sum;
    }
}
