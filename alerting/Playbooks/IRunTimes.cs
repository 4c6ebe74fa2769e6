namespace Beacon.Alerting.Playbooks;

/// <summary>How long runs of a playbook took so far: the middle one of the last fifty that ended well, drills among them.</summary>
/// <param name="Runs">Runs that were looked at; 0 where there was none.</param>
/// <param name="Whole">From start to end; null where there was none.</param>
/// <param name="Steps">By step id.</param>
/// <param name="LastDrill">When the last drill of it ended, or null.</param>
public sealed record UsualTimes(int Runs, TimeSpan? Whole, IReadOnlyDictionary<string, TimeSpan> Steps, DateTimeOffset? LastDrill);

/// <summary>What runs usually take.</summary>
public interface IRunTimes
{
    Task<UsualTimes> OfAsync(string playbookId, CancellationToken cancellation = default);
}
