using Beacon.Events;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>A field's most frequent values.</summary>
public sealed record Facet(string Field, IReadOnlyList<ValueCount> Values);
