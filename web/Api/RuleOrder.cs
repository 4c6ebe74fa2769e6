using Beacon.Detections.Rules;

namespace Beacon.Web.Api;

/// <summary>The orders in which rules are listed.</summary>
internal static class RuleOrder
{
    public static readonly IReadOnlyList<string> Names = ["title", "cost", "matches", "errors", "lastMatch"];

    /// <summary>The rules in the named order, the greatest first but for titles; null where there is no such order.</summary>
    /// <param name="rules">By title, which decides between equals.</param>
    public static IEnumerable<RuleView>? Sort(IReadOnlyList<RuleView> rules, string name) => name switch
    {
        "title" => rules,
        "cost" => rules.OrderByDescending(static r => r.MicrosecondsPerEvent ?? -1),
        "matches" => rules.OrderByDescending(static r => r.Matches),
        "errors" => rules.OrderByDescending(static r => r.Errors),
        "lastMatch" => rules.OrderByDescending(static r => r.LastMatch ?? DateTimeOffset.MinValue),
        _ => null,
    };
}
