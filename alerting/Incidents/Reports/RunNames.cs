using System.Globalization;
using Beacon.Alerting.Playbooks;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>A timeline names playbooks and steps as their documents do; what they are called in another language, a run's own view says.</summary>
internal sealed class RunNames(IPlaybookEngine playbooks)
{
    // Of more runs the steps keep the names that the timeline has.
    private const int MaxRuns = 50;

    /// <summary>The names in the language of the current UI culture: of a run's playbook, or of one of its steps.</summary>
    public async Task<Func<string, string?, string?>> OfAsync(long incident, CancellationToken cancellation)
    {
        var runs = new Dictionary<string, RunDetail>();
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName != "en")
            foreach (var run in await playbooks.ListAsync(incident, limit: MaxRuns, cancellation: cancellation).ConfigureAwait(false))
                if (await playbooks.FindAsync(run.Id, cancellation).ConfigureAwait(false) is { } found) runs[run.Id] = found;
        return (run, step) => !runs.TryGetValue(run, out var known) ? null : step is null ? known.Summary.PlaybookName : known.Steps.FirstOrDefault(s => s.Summary.StepId == step)?.Summary.Name;
    }
}
