using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>The sentence an alert is known by.</summary>
internal static class AlertTitle
{
    /// <summary>Longest title, UTF-16 units.</summary>
    public const int MaxLength = 300;

    /// <param name="keys">Known assets are called by their name: people know PLC-PS3-01, not 10.30.3.11.</param>
    public static string Of(Detection d, EntityKeys keys)
    {
        var text = d.Summary.Trim();
        if (text.Length == 0) text = d.RuleTitle.Trim();
        if (text.Length == 0) text = "Rule " + d.RuleId + " matched";
        // A sentence that does not say where gets the place added; one about a source calls it by its name.
        if (d.Entity.Value.Length > 0 && d.Entity.Kind != EntityKind.Source && !text.Contains(d.Entity.Value, StringComparison.OrdinalIgnoreCase))
            text = text.TrimEnd('.') + Joint(d.Entity.Kind) + d.Entity.Value;
        text = Named(text, d.Entity, keys);
        foreach (var entity in d.Related.Take(8)) text = Named(text, entity, keys);
        return Text.Cut(OneLine(text), MaxLength);
    }

    private static string Named(string text, Entity entity, EntityKeys keys)
    {
        if (entity.Kind != EntityKind.Address || keys.AssetOf(entity) is not { } asset || text.Contains(asset.Name, StringComparison.OrdinalIgnoreCase)) return text;
        var at = text.IndexOf(entity.Value, StringComparison.Ordinal);
        var end = at + entity.Value.Length;
        // "10.0.0.1" must not be found within "10.0.0.12".
        if (at < 0 || (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))) return text;
        return string.Concat(text.AsSpan(0, at), asset.Name, text.AsSpan(end));
    }

    private static string Joint(EntityKind kind) => kind switch
    {
        EntityKind.User => " by ",
        EntityKind.Address => " at ",
        _ => " on ",
    };

    public static string OneLine(string text) => text.AsSpan().ContainsAny('\r', '\n', '\t') ? string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)) : text;
}
