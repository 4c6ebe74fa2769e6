using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>How the embedded store asks its database for what a filter passes, for people who want to read it.</summary>
public static class DuckDbQuery
{
    /// <summary>The statement, over all times.</summary>
    /// <exception cref="EventQueryException">The filter asks for more than the store gives.</exception>
    public static string Of(EventFilter filter) => "SELECT * FROM events\nWHERE " + FilterSql.Condition(filter) + "\nORDER BY ts DESC";
}
