using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>The sentence an alert is known by.</summary>
internal static class AlertTitle
{
    /// <summary>Longest title, UTF-16 units.</summary>
    public const int MaxLength = 300;

    public static string Of(Detection d)
    {
        var text = d.Summary.Trim();
        if (text.Length == 0) text = d.RuleTitle.Trim();
        if (text.Length == 0) text = "Rule " + d.RuleId + " matched";
        // A sentence that does not say where gets the place added.
        if (d.Entity.Value.Length > 0 && !text.Contains(d.Entity.Value, StringComparison.OrdinalIgnoreCase))
            text = text.TrimEnd('.') + Joint(d.Entity.Kind) + d.Entity.Value;
        return Text.Cut(OneLine(text), MaxLength);
    }

    private static string Joint(EntityKind kind) => kind switch
    {
        EntityKind.User => " by ",
        EntityKind.Address => " at ",
        EntityKind.Source => " from ",
        _ => " on ",
    };

    private static string OneLine(string text) => text.AsSpan().ContainsAny('\r', '\n', '\t') ? string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)) : text;
}
