using System.Globalization;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>A run's playbook as it was when the run started, with what is derived from it.</summary>
/// <param name="fault">Why the kept document cannot be read by this version, or null.</param>
internal sealed class OpenPlaybook(Playbook playbook, string? fault = null)
{
    public string? Fault => fault;

    /// <summary>Stands for a kept document that this version refuses: its run ends, the others go on.</summary>
    public static OpenPlaybook Unreadable(RunState run, string fault) => new(new Playbook
    {
        Id = run.PlaybookId, Name = run.PlaybookName, Description = "", Modified = run.StartedAt, Priority = 0, Labels = [], Techniques = [], Start = "",
        Steps = new Dictionary<string, PlaybookStep>(), Variables = new Dictionary<string, PlaybookVariable>(), Agents = new Dictionary<string, AgentTarget>(),
        Authentications = new Dictionary<string, AuthenticationInfo>(),
    }, fault);

    /// <summary>As a viewer of the culture reads it.</summary>
    public OpenPlaybook Seen(CultureInfo culture) => PlaybookInLanguage.LanguageOf(playbook, culture) is null ? this : new OpenPlaybook(playbook.In(culture), fault);

    private readonly Dictionary<string, HashSet<string>> _within = [];

    public Playbook Playbook => playbook;

    /// <summary>Steps inside a container, at any depth.</summary>
    public IReadOnlySet<string> Within(string container)
    {
        lock (_within)
        {
            if (_within.TryGetValue(container, out var known)) return known;
            return _within[container] = WorkflowCheck.Reach(playbook, playbook.Steps[container].Branches);
        }
    }

    public PlaybookGraph Graph { get; } = PlaybookGraphs.Of(playbook);
    public Dictionary<string, string> Labels { get; } = PlaybookGraphs.Labels(playbook);

    /// <summary>Every step but start and end, in the order of the picture.</summary>
    public IReadOnlyList<PlaybookStep> Doing { get; } = [.. PlaybookGraphs.Order(playbook).OrderBy(o => o.Value).Select(o => playbook.Steps[o.Key]).Where(s => s.Type is not (StepTypes.Start or StepTypes.End))];
}
