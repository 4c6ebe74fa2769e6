using Beacon.Alerting.Changes;

namespace Beacon.Alerting.Desks;

/// <summary>One object that changed, as a list shows it. Number and title may hold text from events.</summary>
/// <param name="Id">As in the change feed.</param>
/// <param name="IncidentId">The incident that it belongs to, or null.</param>
public sealed record AwayItem(string Id, string Number, string Title, DateTimeOffset At, long? IncidentId = null);

/// <param name="Changed">Different objects of this kind that changed.</param>
/// <param name="New">Of those, the ones that were not there before.</param>
/// <param name="Latest">The last that changed, at most <see cref="IAwayService.MaxItems"/>.</param>
public sealed record AwayKind(ChangeKind Kind, long Changed, long New, IReadOnlyList<AwayItem> Latest);

/// <summary>What changed since a person last looked.</summary>
/// <param name="Since">Null where the person never looked before.</param>
/// <param name="Incomplete">Changes of that time are no longer kept whole: the counts are at least these.</param>
public sealed record AwaySummary(DateTimeOffset? Since, DateTimeOffset Until, bool Incomplete, IReadOnlyList<AwayKind> Kinds);

/// <summary>Remembers when a person last looked, and says what changed since.</summary>
public interface IAwayService
{
    const int MaxItems = 5;

    Task<AwaySummary> SinceLastLookAsync(Actor actor, CancellationToken cancellation = default);

    /// <summary>The person has seen how things stand at <paramref name="at"/>; an earlier instant than the one known changes nothing, and one to come counts as now.</summary>
    Task SeenAsync(Actor actor, DateTimeOffset at, CancellationToken cancellation = default);
}
