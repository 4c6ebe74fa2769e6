using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>One command's turn.</summary>
/// <param name="Variable">Value of a variable as the step sees it, or null. What an earlier command of the step set is seen by the next.</param>
/// <param name="IdempotencyKey">The same for every repetition of one attempt of this command.</param>
internal sealed record ActionCall(Playbook Playbook, PlaybookStep Step, Func<string, string?> Variable, string IdempotencyKey, IPlaybookSecrets Secrets)
{
    private const string Masked = "•••";

    private readonly List<string> _revealed = [];

    /// <summary>The step's targets, in its order.</summary>
    public IReadOnlyList<AgentTarget> Targets => [.. Step.Targets.Select(t => Playbook.Agents.GetValueOrDefault(t)).OfType<AgentTarget>()];

    /// <summary>The secret with which a target is spoken to; null where it names none. What is handed out is masked in everything the action says.</summary>
    public async ValueTask<(PlaybookSecret? Secret, Phrase? Fault)> SecretOfAsync(AgentTarget? target, CancellationToken cancellation)
    {
        if (target?.Authentication is not { } id) return (null, null);
        if (!Playbook.Authentications.TryGetValue(id, out var authentication)) return (null, $"the credentials {id} of {target.Name} are not defined");
        var (secret, fault) = await Secrets.ResolveAsync(authentication, cancellation).ConfigureAwait(false);
        if (secret is null) return (null, fault);
        lock (_revealed) _revealed.AddRange(SecretForms.Of(secret).Where(f => !_revealed.Contains(f)));
        return (secret with { UserName = VariableReference.Fill(secret.UserName, Variable) }, fault);
    }

    /// <summary>The text with every secret handed out replaced.</summary>
    public string Mask(string text)
    {
        // The longest first: a form may hold another.
        lock (_revealed) foreach (var part in _revealed.OrderByDescending(p => p.Length)) text = text.Replace(part, Masked, StringComparison.Ordinal);
        return text;
    }
}
