namespace Beacon.Alerting.Desks;

/// <summary>A page's filters under a name, of one person. Whoever has the query has the view: it is the page's address.</summary>
/// <param name="Page">"live" or "search".</param>
/// <param name="Query">The query part of the page's address, without "?".</param>
public sealed record SavedView(long Id, int Version, string Account, string Page, string Name, string Query, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Views that people save for themselves. Each sees and changes only their own; changes are in the audit trail and not in the feed, which everybody reads.</summary>
public interface IViewService
{
    /// <summary>Views of one person and page at most.</summary>
    const int MaxViews = 100;
    /// <summary>Longest name, UTF-16 units.</summary>
    const int MaxNameLength = 80;
    /// <summary>Longest query, UTF-16 units.</summary>
    const int MaxQueryLength = 32_000;

    /// <summary>Pages that have views.</summary>
    static IReadOnlyList<string> Pages { get; } = ["live", "search"];

    /// <summary>By name.</summary>
    Task<IReadOnlyList<SavedView>> ListAsync(string page, Actor actor, CancellationToken cancellation = default);

    /// <summary>Keeps a new view; a name that the person has on this page already is refused.</summary>
    Task<Outcome<SavedView>> CreateAsync(string page, string name, string query, Actor actor, CancellationToken cancellation = default);
    Task<Outcome<SavedView>> ChangeAsync(long id, int version, string name, string query, Actor actor, CancellationToken cancellation = default);
    Task<Outcome<SavedView>> RemoveAsync(long id, int version, Actor actor, CancellationToken cancellation = default);
}
