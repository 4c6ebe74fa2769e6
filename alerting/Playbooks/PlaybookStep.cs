using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Conditions;

namespace Beacon.Alerting.Playbooks;

/// <summary>Types of workflow steps (CACAO 2.0, section 4).</summary>
internal static class StepTypes
{
    public const string Start = "start";
    public const string End = "end";
    public const string Action = "action";
    public const string If = "if-condition";
    public const string Parallel = "parallel";
    public const string While = "while-condition";
    public const string Switch = "switch-condition";
    public const string PlaybookAction = "playbook-action";

    public static IReadOnlySet<string> All { get; } = new HashSet<string> { Start, End, Action, If, Parallel, While, Switch, PlaybookAction };
}

internal sealed record PlaybookStep
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public TimeSpan Delay { get; init; }
    public TimeSpan? Timeout { get; init; }
    public string? OnCompletion { get; init; }
    public string? OnSuccess { get; init; }
    public string? OnFailure { get; init; }
    public string? OnTrue { get; init; }
    public string? OnFalse { get; init; }

    /// <summary>Of an if or while step.</summary>
    public Condition? Condition { get; init; }
    public IReadOnlyList<string> NextSteps { get; init; } = [];

    /// <summary>Variable that a switch step looks at.</summary>
    public string Switch { get; init; } = "";
    public IReadOnlyList<SwitchCase> Cases { get; init; } = [];
    public IReadOnlyList<PlaybookCommand> Commands { get; init; } = [];

    /// <summary>Playbook that a playbook-action runs, and its version (the other's "modified"), or null for the newest.</summary>
    public string? PlaybookId { get; init; }
    public DateTimeOffset? PlaybookVersion { get; init; }
    public string? Agent { get; init; }
    public IReadOnlyList<string> Targets { get; init; } = [];
    public IReadOnlyList<string> InArgs { get; init; } = [];
    public IReadOnlyList<string> OutArgs { get; init; } = [];
    public IReadOnlyDictionary<string, PlaybookVariable> Variables { get; init; } = new Dictionary<string, PlaybookVariable>();
    public StepExtension? Extension { get; init; }

    /// <summary>Has branches within: they end before it does.</summary>
    public bool IsContainer => Type is StepTypes.If or StepTypes.Parallel or StepTypes.While or StepTypes.Switch;
    public bool IsManual => Type == StepTypes.Action && Commands.Count > 0 && Commands[0].Type == PlaybookActions.Manual;
    public bool IsAutomatic => Type == StepTypes.Action && !IsManual;

    /// <summary>Where the steps inside begin.</summary>
    public IEnumerable<string> Branches => NextSteps.Concat(Cases.Select(c => c.StepId)).Concat(new[] { OnTrue, OnFalse }.OfType<string>());

    /// <summary>Where it goes on afterwards.</summary>
    public IEnumerable<string> Continuations => new[] { OnCompletion, OnSuccess, OnFailure }.OfType<string>();
}

/// <param name="Value">"default" for the one that takes what no other does.</param>
internal sealed record SwitchCase(string Value, string StepId)
{
    public const string Default = "default";
}

/// <summary>What CACAO has no word for, in a step's extensions under <see cref="Id"/>.</summary>
/// <param name="Role">Role that a person must hold for a manual step.</param>
/// <param name="Approval">True: wants approval; false: none; null: as the setting says.</param>
/// <param name="ApprovalRole">Role that approves, or null for the setting's.</param>
/// <param name="ApprovalExpiry">How long an approval may take, or null for the setting's.</param>
internal sealed record StepExtension(string? Role, bool? Approval, string? ApprovalRole, TimeSpan? ApprovalExpiry)
{
    public const string Id = "extension-definition--b1f5a3d2-6c0e-4a7b-9d34-2e8c57f0a911";
}
