namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>A step whose turn came.</summary>
internal sealed class StepState
{
    /// <summary>Lease owner of a step that goes on under its old attempt after a crash.</summary>
    public const string ResumeMark = "resume";

    public required string StepId { get; init; }
    /// <summary>The if or parallel step whose branch it is in.</summary>
    public string? Parent { get; set; }
    public StepStatus Status { get; set; }
    public int Attempt { get; set; }
    public int BranchesDone { get; set; }
    public bool BranchFailed { get; set; }
    /// <summary>When it may start; of a step under way, when its playbook wants it done; of one that waits for approval, when that is too late.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? LeaseOwner { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public string Note { get; set; } = "";
    public string Error { get; set; } = "";
    public string? Actor { get; set; }

    /// <summary>Rounds begun, of a while step.</summary>
    public int Iteration { get; set; }

    /// <summary>Run that a playbook-action started.</summary>
    public string? ChildRun { get; set; }

    /// <summary>Digest of what approval is or was asked for: other values want another approval.</summary>
    public string? Approval { get; set; }
    public DateTimeOffset? AskedAt { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public string? ApprovedBy { get; set; }

    /// <summary>Somebody above was told that it is late.</summary>
    public bool Escalated { get; set; }
    public bool Changed { get; set; }

    public bool IsActive => Status is StepStatus.Delayed or StepStatus.Running or StepStatus.WaitingForPerson or StepStatus.NeedsPerson or StepStatus.WaitingForApproval;

    /// <summary>Ready for another turn. Attempts go on counting, so that no key is used twice.</summary>
    public void Reset(StepStatus status)
    {
        Status = status;
        BranchesDone = 0;
        BranchFailed = false;
        DueAt = StartedAt = EndedAt = LeaseUntil = AskedAt = DecidedAt = null;
        LeaseOwner = Actor = ChildRun = Approval = ApprovedBy = null;
        Note = Error = "";
        Iteration = 0;
        Escalated = false;
        Changed = true;
    }
}
