namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Which sentences a form is looked for among.</summary>
internal enum Told
{
    Incident, Alert, Task, HandOver, Comment, Evidence, Custody, Report, Warning, Playbook,
    /// <summary>What is said of a step.</summary>
    Said,
    /// <summary>Why a step failed or waits.</summary>
    Fault,
    /// <summary>Why a statutory clock runs.</summary>
    Why,
    /// <summary>For whom a task is and until when it is due.</summary>
    Due,
    /// <summary>What went over in a merge.</summary>
    Moved,
}

/// <summary>What stands in a hole of a sentence, and so what may stand there and how it is said.</summary>
internal enum Hole
{
    Text, Number, Count, Hash, Stamp, Age, Severity, Level, Status, Mark, Tie, Ended, Cause, Role, Roles,
    Title, Clause, Playbook, Label, Step, Said, Fault, Known, Report, Why, Task, Moved, Person,
}

/// <summary>A sentence that Beacon writes into a timeline.</summary>
/// <param name="Key">The resource "Say" + key: in English the sentence as it is written.</param>
internal sealed record TimelineForm(Told Among, string Key, params Hole[] Holes)
{
    /// <summary>": " and somebody's words may follow.</summary>
    public bool Reasoned { get; init; }
}

/// <summary>Every sentence that Beacon writes into a timeline. The first that fits holds: the narrower stands before the wider.</summary>
internal static class TimelineForms
{
    public static IReadOnlyList<TimelineForm> All { get; } =
    [
        new(Told.Incident, "Opened", Hole.Number, Hole.Number, Hole.Severity), new(Told.Incident, "GivenBack") { Reasoned = true }, new(Told.Incident, "TakenOver") { Reasoned = true },
        new(Told.Incident, "HandedTo", Hole.Text) { Reasoned = true }, new(Told.Incident, "Named", Hole.Text),
        new(Told.Incident, "SeverityChanged", Hole.Severity, Hole.Severity) { Reasoned = true }, new(Told.Incident, "StatusChanged", Hole.Status, Hole.Status) { Reasoned = true },
        new(Told.Incident, "MergedInto", Hole.Number, Hole.Text), new(Told.Incident, "MergedFrom", Hole.Number, Hole.Moved, Hole.Count, Hole.Hash, Hole.Text),
        new(Told.Incident, "SplitOff", Hole.Number, Hole.Count, Hole.Text, Hole.Text), new(Told.Incident, "SplitFrom", Hole.Number, Hole.Count, Hole.Hash, Hole.Text),
        new(Told.Incident, "Marked", Hole.Text, Hole.Mark, Hole.Text), new(Told.Incident, "TiedBy", Hole.Number) { Reasoned = true },
        new(Told.Incident, "UntiedBy", Hole.Number) { Reasoned = true }, new(Told.Incident, "Tied", Hole.Number, Hole.Tie) { Reasoned = true },
        new(Told.Incident, "Untied", Hole.Number) { Reasoned = true }, new(Told.Incident, "ClockDue", Hole.Report, Hole.Stamp, Hole.Known, Hole.Why),
        new(Told.Incident, "ClockDueClosed", Hole.Report, Hole.Stamp), new(Told.Incident, "ClockLater", Hole.Report, Hole.Known), new(Told.Incident, "ClockWaits", Hole.Report),
        new(Told.Incident, "ClockOverdue", Hole.Known, Hole.Number, Hole.Stamp), new(Told.Incident, "KnownSince", Hole.Stamp, Hole.Text),
        new(Told.Incident, "ClockBegun", Hole.Known, Hole.Stamp, Hole.Text), new(Told.Incident, "ClockSentLate", Hole.Known, Hole.Known, Hole.Stamp, Hole.Text),
        new(Told.Incident, "ClockSent", Hole.Known, Hole.Known, Hole.Stamp, Hole.Text), new(Told.Incident, "ClockWithdrawn", Hole.Known, Hole.Known, Hole.Text),
        new(Told.Incident, "EntityAdded", Hole.Text) { Reasoned = true }, new(Told.Incident, "EntityOut", Hole.Text) { Reasoned = true },

        new(Told.Why, "WhyInHand", Hole.Text), new(Told.Why, "WhyTakenOver", Hole.Text), new(Told.Why, "WhyEscalated", Hole.Text, Hole.Number),
        new(Told.Why, "WhyAcknowledged", Hole.Text, Hole.Number), new(Told.Why, "WhyWorked", Hole.Text, Hole.Number), new(Told.Why, "WhyMerged", Hole.Text, Hole.Number),
        new(Told.Why, "WhySaid", Hole.Text), new(Told.Why, "WhyWarning", Hole.Level),

        new(Told.Alert, "Rose", Hole.Number, Hole.Severity, Hole.Title), new(Told.Alert, "Escalated", Hole.Number) { Reasoned = true },
        new(Told.Alert, "Dismissed", Hole.Number, Hole.Ended, Hole.Cause) { Reasoned = true }, new(Told.Alert, "DismissedPlainly", Hole.Number, Hole.Ended) { Reasoned = true },
        new(Told.Alert, "EscalationBack", Hole.Number), new(Told.Alert, "CameBefore", Hole.Title, Hole.Number), new(Told.Alert, "Shares", Hole.Title, Hole.Number, Hole.Text),

        new(Told.Task, "TaskAdded", Hole.Task), new(Told.Task, "TaskDone", Hole.Text), new(Told.Task, "TaskChanged", Hole.Task), new(Told.Task, "TaskOpened", Hole.Text),

        new(Told.Due, "TaskForDue", Hole.Text, Hole.Person, Hole.Stamp), new(Told.Due, "TaskDue", Hole.Text, Hole.Stamp), new(Told.Due, "TaskFor", Hole.Text, Hole.Person),

        new(Told.HandOver, "HandOverGiven", Hole.Text, Hole.Text, Hole.Count, Hole.Count), new(Told.HandOver, "HandOverTaken", Hole.Text) { Reasoned = true },

        new(Told.Comment, "CommentChanged", Hole.Count, Hole.Text),

        new(Told.Evidence, "EvidenceAdded", Hole.Text, Hole.Count, Hole.Hash), new(Told.Evidence, "EvidenceRemoved", Hole.Text, Hole.Hash) { Reasoned = true },

        new(Told.Custody, "EvidenceExported") { Reasoned = true }, new(Told.Custody, "EvidencePassed", Hole.Text, Hole.Text, Hole.Text) { Reasoned = true },
        new(Told.Custody, "EvidenceViewed", Hole.Text) { Reasoned = true }, new(Told.Custody, "EvidenceTaken", Hole.Text) { Reasoned = true },

        new(Told.Report, "ReportWritten", Hole.Text, Hole.Text),

        new(Told.Warning, "WarningIssued", Hole.Number, Hole.Level, Hole.Clause), new(Told.Warning, "WarningDrafted", Hole.Number, Hole.Level, Hole.Clause),
        new(Told.Warning, "WarningRose", Hole.Number, Hole.Level, Hole.Level, Hole.Clause), new(Told.Warning, "WarningProposed", Hole.Level, Hole.Number),
        new(Told.Warning, "WarningUnread", Hole.Number, Hole.Roles, Hole.Age, Hole.Roles), new(Told.Warning, "WarningRefused", Hole.Level, Hole.Number, Hole.Text),
        new(Told.Warning, "WarningLifted", Hole.Number, Hole.Level, Hole.Text), new(Told.Warning, "WarningAcknowledged", Hole.Number, Hole.Level),
        new(Told.Warning, "WarningSigned", Hole.Level, Hole.Number, Hole.Text), new(Told.Warning, "WarningIssuedBy", Hole.Number, Hole.Level, Hole.Text),
        new(Told.Warning, "WarningMoved", Hole.Number, Hole.Level, Hole.Level, Hole.Text), new(Told.Warning, "WarningChanged", Hole.Number, Hole.Text),
        new(Told.Warning, "WarningNoted", Hole.Number, Hole.Text),

        new(Told.Playbook, "RunOther", Hole.Playbook), new(Told.Playbook, "RunStarted", Hole.Playbook), new(Told.Playbook, "RunDone", Hole.Playbook),
        new(Told.Playbook, "RunStepEnded", Hole.Playbook), new(Told.Playbook, "RunFailed", Hole.Playbook), new(Told.Playbook, "RunWould", Hole.Playbook, Hole.Count, Hole.Count),
        new(Told.Playbook, "RunStuck", Hole.Playbook, Hole.Text), new(Told.Playbook, "RunPaused", Hole.Playbook) { Reasoned = true },
        new(Told.Playbook, "RunResumed", Hole.Playbook) { Reasoned = true }, new(Told.Playbook, "RunCancelled", Hole.Playbook) { Reasoned = true },
        new(Told.Playbook, "Step", Hole.Label, Hole.Step, Hole.Said),

        new(Told.Said, "StepTwice"), new(Told.Said, "StepDelay", Hole.Age), new(Told.Said, "StepYes"), new(Told.Said, "StepNo"), new(Told.Said, "StepNoCase", Hole.Text),
        new(Told.Said, "StepDefault", Hole.Text), new(Told.Said, "StepBranches", Hole.Count), new(Told.Said, "StepRounds", Hole.Count), new(Told.Said, "StepRound", Hole.Count),
        new(Told.Said, "StepAround"), new(Told.Said, "StepWaitsRole", Hole.Role), new(Told.Said, "StepWaits"), new(Told.Said, "StepApproval", Hole.Role, Hole.Text),
        new(Told.Said, "StepMisfit", Hole.Text), new(Told.Said, "StepChildMisfit", Hole.Text, Hole.Text), new(Told.Said, "StepRepeated"), new(Told.Said, "StepRuns", Hole.Text),
        new(Told.Said, "StepBegins", Hole.Count), new(Told.Said, "StepAgain") { Reasoned = true }, new(Told.Said, "StepApproved") { Reasoned = true },
        new(Told.Said, "StepRefused", Hole.Text), new(Told.Said, "StepLate"), new(Told.Said, "StepChanged"), new(Told.Said, "StepChildDone", Hole.Text), new(Told.Said, "StepRecordedDone"),
        new(Told.Said, "StepRecordedFailed"), new(Told.Said, "StepDone") { Reasoned = true }, new(Told.Said, "StepFailed", Hole.Fault), new(Told.Said, "StepFailedPlainly"),
        new(Told.Said, "StepCannot", Hole.Text), new(Told.Said, "StepSkipped", Hole.Text), new(Told.Said, "StepNeeds", Hole.Fault),

        new(Told.Fault, "FaultRounds", Hole.Count), new(Told.Fault, "FaultTime", Hole.Age), new(Told.Fault, "FaultStopped"), new(Told.Fault, "FaultUnapproved", Hole.Age),
        new(Told.Fault, "FaultRefused", Hole.Text, Hole.Text), new(Told.Fault, "FaultChildCancelled", Hole.Text), new(Told.Fault, "FaultChildFailed", Hole.Text),

        new(Told.Moved, "MovedAlerts", Hole.Count), new(Told.Moved, "MovedTasks", Hole.Count), new(Told.Moved, "MovedRuns", Hole.Count), new(Told.Moved, "MovedEvidence", Hole.Count),
        new(Told.Moved, "MovedClocks", Hole.Count),
    ];
}
