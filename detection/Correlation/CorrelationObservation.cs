using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>An entry with the correlation and the group that it belongs to.</summary>
internal readonly record struct CorrelationObservation(CompiledCorrelation Correlation, string[] Group, CorrelationEntry Entry);

/// <summary>Makes observations of events and of hits; what lacks a field of group-by, or the value that counts, makes none.</summary>
internal static class Observation
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static CorrelationObservation? Of(EventLink link, SecurityEvent e, long order, string? label, List<string> scratch)
    {
        var group = new string[link.GroupBy.Length];
        for (var i = 0; i < group.Length; i++)
        {
            if (link.GroupBy[i].First(e, scratch) is not { } value) return null;
            group[i] = Cut(value);
        }
        var rule = link.Correlation.Rule;
        var number = 0d;
        string[]? values = null;
        if (rule.Type.IsNumeric())
        {
            if (!TryNumber(link.Fields[0].First(e, scratch), out number)) return null;
        }
        else if (rule.Type == SigmaCorrelationType.ValueCount && (values = Values(link.Fields, e, scratch)).Length == 0) return null;
        var carried = link.Carried.Length == 0 ? null : Array.ConvertAll(link.Carried, field => field.First(e, scratch) is { } value ? Cut(value) : null);
        var id = e.Id.Value != Guid.Empty ? e.Id.Value : new Guid(0, 0, 0, BitConverter.GetBytes(order));
        var received = e.Received == default ? e.Timestamp : e.Received;
        return new CorrelationObservation(link.Correlation, group, new CorrelationEntry(e.Timestamp.UtcTicks, order, id, link.Rule, received.UtcTicks, number, values, carried, label));
    }

    public static CorrelationObservation? Of(HitLink link, CorrelationHit hit)
    {
        var group = new string[link.GroupBy.Length];
        for (var i = 0; i < group.Length; i++)
        {
            if (link.GroupBy[i].Of(hit) is not { } value) return null;
            group[i] = value;
        }
        var rule = link.Correlation.Rule;
        var number = 0d;
        string[]? values = null;
        if (rule.Type.IsNumeric())
        {
            if (!TryNumber(link.Fields[0].Of(hit), out number)) return null;
        }
        else if (rule.Type == SigmaCorrelationType.ValueCount)
        {
            var parts = Array.ConvertAll(link.Fields, field => field.Of(hit));
            if (Array.Exists(parts, static p => p is null)) return null;
            values = [string.Join('\u001f', parts)];
        }
        var carried = link.Carried.Length == 0 ? null : Array.ConvertAll(link.Carried, field => field.Of(hit));
        var id = new Guid(Convert.FromHexString(hit.Id.Value));
        return new CorrelationObservation(link.Correlation, group, new CorrelationEntry(hit.Time.UtcTicks, hit.Order, id, link.Rule, hit.Received, number, values, carried, hit.Rule.Title));
    }

    /// <summary>A decimal number with an optional sign, point and exponent; nothing else, and no spaces.</summary>
    internal static bool TryNumber(string? text, out double number)
    {
        number = 0;
        return text is { Length: > 0 and <= 64 } && double.TryParse(text, Number, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static string[] Values(EventField[] fields, SecurityEvent e, List<string> scratch)
    {
        if (fields.Length == 1)
        {
            scratch.Clear();
            fields[0].Read(e, scratch, CorrelationLimits.MaxValuesPerEvent);
            return [.. scratch.Select(Cut).Distinct(StringComparer.OrdinalIgnoreCase)];
        }
        var parts = new string[fields.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (fields[i].First(e, scratch) is not { } value) return [];
            parts[i] = Cut(value);
        }
        return [string.Join('\u001f', parts)];
    }

    private static string Cut(string value)
    {
        if (value.Length <= CorrelationLimits.MaxValueLength) return value;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));
        return value[..(CorrelationLimits.MaxValueLength - 33)] + "…" + hash;
    }
}
