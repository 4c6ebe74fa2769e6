using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Playbooks;

/// <summary>Settings of playbook runs, section "Alerting:Playbooks".</summary>
public sealed class PlaybookOptions
{
    /// <summary>Rounds of one while-condition before a person is asked. 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int MaxIterations { get; set; } = 100;

    /// <summary>How deep playbooks may run playbooks. 1 to 16, default 4.</summary>
    [Range(1, 16)]
    public int MaxDepth { get; set; } = 4;

    /// <summary>Whether a step that changes its target waits for approval where its playbook does not say. Default true.</summary>
    public bool ApprovalRequired { get; set; } = true;

    /// <summary>Role that approves where the step does not say: operator, responder, supervisor, owner or administrator. Default responder.</summary>
    [AllowedValues(RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Owner, RoleNames.Administrator)]
    public string ApprovalRole { get; set; } = RoleNames.Responder;

    /// <summary>How long an approval may take where the step does not say; then the step needs a person. 10 seconds to 30 days, default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan ApprovalExpiry { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Role that is told when an approval expired or a manual step is late. Default supervisor.</summary>
    [AllowedValues(RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Owner, RoleNames.Administrator)]
    public string EscalationRole { get; set; } = RoleNames.Supervisor;

    /// <summary>Whether a playbook with a password or token written into it may be imported. Default false: secrets belong in the vault.</summary>
    public bool AllowSecretsInDocuments { get; set; }

    /// <summary>Imported playbooks; one more is refused. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxImported { get; set; } = 1_000;

    /// <summary>Versions of one imported playbook; one more is refused. 10 to 10,000, default 1,000.</summary>
    [Range(10, 10_000)]
    public int MaxVersions { get; set; } = 1_000;
}
