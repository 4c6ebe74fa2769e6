namespace Beacon.Alerting.Clocks;

/// <summary>The statutory clocks of incidents: what is due when and to whom.</summary>
public interface IClockService
{
    /// <summary>Longest text of a report that is kept, UTF-16 units.</summary>
    const int MaxReportLength = 200_000;

    /// <summary>The next due first; those that wait behind them.</summary>
    /// <param name="incidentId">Of one incident, all of them; null for those of all incidents that are neither sent nor withdrawn, at most 500.</param>
    Task<IReadOnlyList<StatutoryClock>> ListAsync(long? incidentId = null, CancellationToken cancellation = default);

    /// <summary>The report with what Beacon knows filled in; null where there is no such clock.</summary>
    /// <param name="language">One of <see cref="Incidents.Reports.IReportWords.Languages"/>; another gives English.</param>
    Task<ReportDraft?> DraftAsync(long id, string language = "en", CancellationToken cancellation = default);

    /// <summary>The text that was sent, or null.</summary>
    Task<string?> SentTextAsync(long id, CancellationToken cancellation = default);

    /// <summary>Says since when the incident is known; moves the clocks that are counted from there and not sent. Not in the future, at most 90 days back.</summary>
    /// <param name="regime">Starts this regime whether or not its conditions are met and it is on; null for those that apply.</param>
    Task<Outcome<IReadOnlyList<StatutoryClock>>> AwareAsync(long incidentId, DateTimeOffset at, string? regime, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Begins a clock that waits for a person to say so.</summary>
    Task<Outcome<StatutoryClock>> StartAsync(long id, int version, DateTimeOffset at, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Records that the report was sent, with what it is found by, and starts those that follow from it.</summary>
    /// <param name="text">The report as it was sent, at most <see cref="MaxReportLength"/>, or null.</param>
    Task<Outcome<StatutoryClock>> SentAsync(long id, int version, DateTimeOffset? at, string reference, string? text, Actor actor, CancellationToken cancellation = default);

    /// <summary>Says that this report need not be sent, and why.</summary>
    Task<Outcome<StatutoryClock>> WithdrawAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default);
}
