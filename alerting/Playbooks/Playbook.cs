using Beacon.Alerting.Playbooks.Conditions;

namespace Beacon.Alerting.Playbooks;

/// <summary>A CACAO 2.0 playbook as far as it was read (OASIS CACAO Security Playbooks 2.0).</summary>
internal sealed record Playbook
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public required int Priority { get; init; }
    public required IReadOnlyList<string> Labels { get; init; }
    public required IReadOnlyList<string> Techniques { get; init; }
    public required string Start { get; init; }
    public string? Exception { get; init; }
    public required IReadOnlyDictionary<string, PlaybookStep> Steps { get; init; }
    public required IReadOnlyDictionary<string, PlaybookVariable> Variables { get; init; }
    public required IReadOnlyDictionary<string, AgentTarget> Agents { get; init; }
    public required IReadOnlyDictionary<string, AuthenticationInfo> Authentications { get; init; }

    /// <summary>All variables that a step sees: the playbook's, over which its own stand.</summary>
    public PlaybookVariable? VariableOf(PlaybookStep step, string name) => step.Variables.GetValueOrDefault(name) ?? Variables.GetValueOrDefault(name);
}

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
    public static IReadOnlySet<string> Run { get; } = new HashSet<string> { Start, End, Action, If, Parallel };
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
    public Condition? Condition { get; init; }
    public IReadOnlyList<string> NextSteps { get; init; } = [];
    public IReadOnlyList<string> Cases { get; init; } = [];
    public IReadOnlyList<PlaybookCommand> Commands { get; init; } = [];
    public string? Agent { get; init; }
    public IReadOnlyList<string> Targets { get; init; } = [];
    public IReadOnlyList<string> OutArgs { get; init; } = [];
    public IReadOnlyDictionary<string, PlaybookVariable> Variables { get; init; } = new Dictionary<string, PlaybookVariable>();

    public bool IsContainer => Type is StepTypes.If or StepTypes.Parallel;
    public bool IsManual => Type == StepTypes.Action && Commands.Count > 0 && Commands[0].Type == "manual";

    /// <summary>Where the steps inside begin.</summary>
    public IEnumerable<string> Branches => NextSteps.Concat(Cases).Concat(new[] { OnTrue, OnFalse }.OfType<string>());

    /// <summary>Where it goes on afterwards.</summary>
    public IEnumerable<string> Continuations => new[] { OnCompletion, OnSuccess, OnFailure }.OfType<string>();
}

/// <param name="Content">Body of an http-api command, or the instruction of a manual one where it came as base64.</param>
internal sealed record PlaybookCommand(string Type, string Text, string Content, IReadOnlyDictionary<string, IReadOnlyList<string>> Headers);

internal sealed record PlaybookVariable(string Name, string Type, string? Value, string Description, bool Constant);

/// <param name="Addresses">By kind: "url", "dname", "ipv4", "ipv6".</param>
internal sealed record AgentTarget(string Id, string Type, string Name, IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses, string? Port, string? Authentication);

/// <summary>Credentials of a playbook. Its text form tells nothing.</summary>
/// <param name="Name">Name under which a vault may hold the secret, or "".</param>
/// <param name="Header">Header of an oauth2 token.</param>
/// <param name="KeyStore">The secret is not here but in a key store, under <paramref name="KeyIdentifier"/> (CACAO's kms).</param>
internal sealed record AuthenticationInfo(string Id, string Type, string Name, string UserName, string Secret, string Header, bool KeyStore, string KeyIdentifier)
{
    public override string ToString() => Id;
}
