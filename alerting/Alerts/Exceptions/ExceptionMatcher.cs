using System.Net;
using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>One exception, ready to compare.</summary>
internal sealed class ExceptionMatcher(long id, ExceptionDraft draft, DateTimeOffset startsAt)
{
    /// <summary>Characters of a value that are compared: an attacker's long value costs no more.</summary>
    private const int MaxCompared = MatchedField.MaxValueLength;

    private readonly (string Field, Func<string, bool>[] Tests)[] _conditions = [.. draft.Conditions.Select(c => (c.Field, c.Values.Select(v => TestOf(c.Operator, v)).ToArray()))];

    public long Id => id;
    public string? RuleId => draft.RuleId;

    /// <summary>A suppression covers what happened within it, an exception what arrives while it stands.</summary>
    public bool Hides(Detection d, EntityKeys keys, DateTimeOffset now)
    {
        var instant = draft.Kind == ExceptionKind.Suppression ? d.Time : now;
        if (instant < startsAt || instant >= draft.ExpiresAt) return false;
        foreach (var (field, tests) in _conditions)
        {
            var fits = false;
            foreach (var value in ValuesOf(d, field, keys))
            {
                var compared = value.Length <= MaxCompared ? value : value[..MaxCompared];
                foreach (var test in tests)
                {
                    if (!test(compared)) continue;
                    fits = true;
                    break;
                }
                if (fits) break;
            }
            if (!fits) return false;
        }
        return true;
    }

    internal static IEnumerable<string> ValuesOf(Detection d, string field, EntityKeys keys)
    {
        if (field == "entity")
        {
            yield return d.Entity.Value;
            if (keys.AssetOf(d.Entity) is not { } asset) yield break;
            yield return asset.Id;
            yield return asset.Name;
        }
        else if (field == "related")
        {
            foreach (var entity in d.Related.Take(AlertGroup.MaxEntities)) yield return entity.Value;
        }
        else if (field.StartsWith("fact.", StringComparison.Ordinal))
        {
            if (d.Facts.TryGetValue(field[5..], out var fact)) yield return fact;
        }
        else if (d.Event is { } e)
        {
            for (var i = e.IndexOf(field); i >= 0; i = e.IndexOf(field, i + 1)) yield return e.TextAt(i);
        }
        else
        {
            foreach (var matched in d.Matched) if (matched.Field == field) yield return matched.Value;
        }
    }

    private static Func<string, bool> TestOf(ConditionOperator op, string value) => op switch
    {
        ConditionOperator.Equal => v => string.Equals(v, value, StringComparison.OrdinalIgnoreCase),
        ConditionOperator.Contains => v => v.Contains(value, StringComparison.OrdinalIgnoreCase),
        ConditionOperator.Wildcard => v => Wildcard.Matches(value, v),
        _ => IPNetwork.TryParse(value, out var network) ? v => IPAddress.TryParse(v, out var address) && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : _ => false,
    };
}
