using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>How runs begin.</summary>
internal sealed partial class PlaybookEngine
{
    public Task<Outcome<RunSummary>> StartAsync(string playbookId, long incidentId, Actor actor, IReadOnlyDictionary<string, string>? variables = null, CancellationToken cancellation = default) =>
        StartAsync(new RunRequest(playbookId, incidentId, variables), actor, cancellation);

    public Task<Outcome<RunSummary>> StartAsync(RunRequest request, Actor actor, CancellationToken cancellation = default) => ChangeAsync(unit =>
    {
        var (playbook, json) = library.Open(unit.Db, request.PlaybookId) ?? throw RefusedException.NotFound(
            $"there is no playbook '{Text.Cut(request.PlaybookId, 100)}' that can be run; refused files and their faults are listed with the library");
        var incident = IncidentTable.Find(unit.Db, request.IncidentId) ?? throw RefusedException.NotFound("there is no such incident");
        if (incident.Status == IncidentStatus.Closed) throw RefusedException.Invalid($"{incident.Number} is closed");
        if (OpenRuns(unit) >= options.Value.OpenRuns) throw RefusedException.Invalid($"{options.Value.OpenRuns} runs are open, the ceiling (Alerting:OpenRuns): end some first");
        if (request.Mode != RunMode.DryRun && unit.Db.Scalar<long>("SELECT count(*) FROM alerting_runs WHERE incident_id = @p0 AND playbook_id = @p1 AND status IN (0, 1)", request.IncidentId, request.PlaybookId) > 0)
            throw RefusedException.Invalid($"'{playbook.Name}' runs for {incident.Number} already");
        if (request.Recording is not null && request.Mode != RunMode.Drill) throw RefusedException.Invalid("a recording belongs to a drill");
        if (request.Recording?.Steps.Count > RunRecording.MaxSteps) throw RefusedException.Invalid($"a recording has at most {RunRecording.MaxSteps} steps");
        var run = new RunState
        {
            Id = Guid.CreateVersion7(unit.Now).ToString("D"), PlaybookId = playbook.Id, PlaybookName = playbook.Name, Document = json, IncidentId = incident.Id, IncidentNumber = incident.Number,
            Status = RunStatus.Running, StartedBy = actor.Name, StartedAt = unit.Now, UpdatedAt = unit.Now, Variables = [], Mode = request.Mode, Recording = request.Recording,
        };
        FromIncident(unit, run, playbook, incident);
        foreach (var (name, value) in request.Variables ?? new Dictionary<string, string>()) run.Variables[name] = Fitting(playbook.Variables.GetValueOrDefault(name), name, value);
        var kind = request.Mode switch { RunMode.DryRun => "dry run ", RunMode.Drill => "drill ", _ => "" };
        unit.Record(actor, "playbook.start", $"run:{run.Id}", "", $"{kind}{playbook.Name} for {incident.Number}");
        if (incident.Status == IncidentStatus.Detect && request.Mode == RunMode.Live) unit.Db.Execute("UPDATE alerting_incidents SET status = 1 WHERE id = @p0", incident.Id);
        return Begin(unit, run, actor.Name);
    }, cancellation);

    public IReadOnlyList<FirstStep>? FirstStepsOf(string playbookId) => library.Read(playbookId) is { } playbook ? new FirstSteps(playbook, actions, approvals).Find() : null;

    private static long OpenRuns(AlertingTransaction unit) => unit.Db.Scalar<long>("SELECT count(*) FROM alerting_runs WHERE status IN (0, 1)");

    private static void FromIncident(AlertingTransaction unit, RunState run, Playbook playbook, IncidentSummary incident)
    {
        foreach (var (name, value) in IncidentVariables.Of(unit.Db, incident.Id, incident.Number, incident.Title))
            if (playbook.Variables.TryGetValue(name, out var declared) && !declared.Constant && string.IsNullOrEmpty(declared.Value) && VariableTypes.FitsPlain(declared.Type, value)) run.Variables[name] = value;
    }

    private RunSummary Begin(AlertingTransaction unit, RunState run, string by)
    {
        run.Insert(unit);
        var open = OpenOf(run);
        var machine = MachineOf(unit, run, open);
        machine.TellRun(by, run.ParentRun is null ? "started" : "started by a step of another playbook");
        if (run.Mode == RunMode.DryRun) new DryRun(unit, run, open, machine, actions, secrets, approvals).Walk();
        else
        {
            machine.Begin();
            machine.Settle();
        }
        return Saved(unit, run, open, machine);
    }
}
