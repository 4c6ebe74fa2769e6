namespace Beacon.Alerting.Playbooks;

/// <summary>A CACAO 2.0 playbook as it is run (OASIS CACAO Security Playbooks 2.0).</summary>
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

    /// <summary>Texts in other languages, by language tag.</summary>
    public IReadOnlyDictionary<string, PlaybookWords> Languages { get; init; } = new Dictionary<string, PlaybookWords>();

    /// <summary>All variables that a step sees: the playbook's, over which its own stand.</summary>
    public PlaybookVariable? VariableOf(PlaybookStep step, string name) => step.Variables.GetValueOrDefault(name) ?? Variables.GetValueOrDefault(name);

    /// <summary>Role that a person must hold to do a manual step, or "" for any: of the step's extension, its agent's, or the agent's name where that is a role's.</summary>
    public string RoleOf(PlaybookStep step)
    {
        if (step.Extension?.Role is { } own) return own;
        if (step.Agent is null || !Agents.TryGetValue(step.Agent, out var agent)) return "";
        return agent.Role ?? RoleNames.Ranked.Append(RoleNames.Owner).FirstOrDefault(r => string.Equals(r, agent.Name, StringComparison.OrdinalIgnoreCase)) ?? "";
    }
}

/// <param name="Content">Body of a command that has one.</param>
internal sealed record PlaybookCommand(string Type, string Text, string Content, IReadOnlyDictionary<string, IReadOnlyList<string>> Headers);

/// <param name="External">Its first value comes from whoever starts the run.</param>
internal sealed record PlaybookVariable(string Name, string Type, string? Value, string Description, bool Constant, bool External = false);

/// <param name="Addresses">By kind: "url", "dname", "ipv4", "ipv6".</param>
/// <param name="Role">Of our extension, or null.</param>
/// <param name="Path">Where it is defined.</param>
internal sealed record AgentTarget(string Id, string Type, string Name, IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses, string? Port, string? Authentication, string? Role = null, string Path = "");

/// <summary>Credentials of a playbook. Its text form tells nothing.</summary>
/// <param name="Name">Name under which a vault may hold the secret, or "".</param>
/// <param name="Header">Header of an oauth2 token.</param>
/// <param name="KeyStore">The secret is not here but in a key store, under <paramref name="KeyIdentifier"/> (CACAO's kms).</param>
internal sealed record AuthenticationInfo(string Id, string Type, string Name, string UserName, string Secret, string Header, bool KeyStore, string KeyIdentifier)
{
    public override string ToString() => Id;
}
