using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>A run as its tables have it, loaded for one transaction.</summary>
internal sealed class RunState
{
    public required string Id { get; init; }
    public int Version { get; set; }
    public required string PlaybookId { get; init; }
    public required string PlaybookName { get; init; }
    public required string Document { get; init; }
    public required long IncidentId { get; init; }
    public required string IncidentNumber { get; init; }
    public RunStatus Status { get; set; }
    public required string StartedBy { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public required Dictionary<string, string> Variables { get; init; }
    public RunMode Mode { get; init; }
    public string? ParentRun { get; init; }
    public string? ParentStep { get; init; }
    /// <summary>0 for a run that a person started.</summary>
    public int Depth { get; init; }
    public RunRecording? Recording { get; init; }
    public Dictionary<string, StepState> Steps { get; } = [];

    public bool IsOpen => Status is RunStatus.Running or RunStatus.Paused;

    private const string Columns = "id, version, playbook_id, playbook_name, document, incident_id, incident_number, status, started_by, started_at, updated_at, ended_at, variables, mode, parent_run, parent_step, depth, recording";
    private const string StepColumns = "run_id, step_id, parent, status, attempt, branches_done, branch_failed, due_at, started_at, ended_at, lease_owner, lease_until, note, error, actor, iteration, child_run, approval, asked_at, decided_at, approved_by, escalated";

    public static RunState? Load(DbTransaction t, string id)
    {
        var run = t.Query($"SELECT {Columns} FROM alerting_runs WHERE id = @p0", Read, id).FirstOrDefault();
        if (run is not null) foreach (var step in t.Query($"SELECT {StepColumns} FROM alerting_run_steps WHERE run_id = @p0", ReadStep, id)) run.Steps[step.StepId] = step;
        return run;
    }

    public static List<RunState> Load(DbConnection c, string where, params ReadOnlySpan<object?> values)
    {
        var runs = c.Query($"SELECT {Columns} FROM alerting_runs {where}", Read, values);
        foreach (var run in runs)
            foreach (var step in c.Query($"SELECT {StepColumns} FROM alerting_run_steps WHERE run_id = @p0", ReadStep, run.Id)) run.Steps[step.StepId] = step;
        return runs;
    }

    public void Insert(AlertingTransaction unit) => unit.Db.Execute(
        $"INSERT INTO alerting_runs({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,@p13,@p14,@p15,@p16,@p17)",
        Id, Version, PlaybookId, PlaybookName, Document, IncidentId, IncidentNumber, Status, StartedBy, StartedAt, UpdatedAt, EndedAt, Json(),
        Mode, ParentRun, ParentStep, Depth, Recording is null ? null : JsonSerializer.Serialize(Recording, AlertingJson.Default.RunRecording));

    public void Save(AlertingTransaction unit)
    {
        Version++;
        UpdatedAt = unit.Now;
        unit.Db.Execute("UPDATE alerting_runs SET version=@p1, status=@p2, updated_at=@p3, ended_at=@p4, variables=@p5 WHERE id=@p0", Id, Version, Status, UpdatedAt, EndedAt, Json());
        foreach (var s in Steps.Values.Where(s => s.Changed))
        {
            unit.Db.Execute(
                $"""
                INSERT INTO alerting_run_steps({StepColumns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,@p13,@p14,@p15,@p16,@p17,@p18,@p19,@p20,@p21)
                ON CONFLICT(run_id, step_id) DO UPDATE SET parent=@p2, status=@p3, attempt=@p4, branches_done=@p5, branch_failed=@p6, due_at=@p7, started_at=@p8, ended_at=@p9,
                  lease_owner=@p10, lease_until=@p11, note=@p12, error=@p13, actor=@p14, iteration=@p15, child_run=@p16, approval=@p17, asked_at=@p18, decided_at=@p19, approved_by=@p20, escalated=@p21
                """, Id, s.StepId, s.Parent, s.Status, s.Attempt, s.BranchesDone, s.BranchFailed, s.DueAt, s.StartedAt, s.EndedAt, s.LeaseOwner, s.LeaseUntil, s.Note, s.Error, s.Actor,
                s.Iteration, s.ChildRun, s.Approval, s.AskedAt, s.DecidedAt, s.ApprovedBy, s.Escalated);
            s.Changed = false;
        }
    }

    private string Json() => JsonSerializer.Serialize(Variables, AlertingJson.Default.DictionaryStringString);

    private static RunState Read(DbDataReader r) => new()
    {
        Id = r.GetString(0), Version = r.GetInt32(1), PlaybookId = r.GetString(2), PlaybookName = r.GetString(3), Document = r.GetString(4), IncidentId = r.GetInt64(5),
        IncidentNumber = r.GetString(6), Status = (RunStatus)r.GetInt32(7), StartedBy = r.GetString(8), StartedAt = r.Instant(9), UpdatedAt = r.Instant(10), EndedAt = r.InstantOrNull(11),
        Variables = JsonSerializer.Deserialize(r.GetString(12), AlertingJson.Default.DictionaryStringString)!,
        Mode = (RunMode)r.GetInt32(13), ParentRun = r.TextOrNull(14), ParentStep = r.TextOrNull(15), Depth = r.GetInt32(16),
        Recording = r.TextOrNull(17) is { } recording ? JsonSerializer.Deserialize(recording, AlertingJson.Default.RunRecording) : null,
    };

    private static StepState ReadStep(DbDataReader r) => new()
    {
        StepId = r.GetString(1), Parent = r.TextOrNull(2), Status = (StepStatus)r.GetInt32(3), Attempt = r.GetInt32(4), BranchesDone = r.GetInt32(5), BranchFailed = r.GetInt32(6) != 0,
        DueAt = r.InstantOrNull(7), StartedAt = r.InstantOrNull(8), EndedAt = r.InstantOrNull(9), LeaseOwner = r.TextOrNull(10), LeaseUntil = r.InstantOrNull(11),
        Note = r.GetString(12), Error = r.GetString(13), Actor = r.TextOrNull(14),
        Iteration = r.GetInt32(15), ChildRun = r.TextOrNull(16), Approval = r.TextOrNull(17), AskedAt = r.InstantOrNull(18), DecidedAt = r.InstantOrNull(19), ApprovedBy = r.TextOrNull(20), Escalated = r.GetInt32(21) != 0,
    };
}
