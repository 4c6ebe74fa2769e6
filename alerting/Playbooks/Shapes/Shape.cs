using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>What a JSON value must be; names every departure with its path.</summary>
internal abstract class Shape
{
    public abstract void Check(JsonElement value, string path, PlaybookFaults faults);

    protected static void Wrong(PlaybookFaults faults, string path, Phrase message) => faults.Add(PlaybookFaults.Property, path, message);
}

/// <param name="values">The only values, or none for any.</param>
internal sealed class TextShape(int most = TextShape.Most, params string[] values) : Shape
{
    public const int Most = 20_000;

    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.String) Wrong(faults, path, "is a text");
        else if (value.GetString() is { } text && text.Length > most) Wrong(faults, path, $"has at most {most} characters");
        else if (values.Length > 0 && !values.Contains(value.GetString(), StringComparer.Ordinal)) Wrong(faults, path, $"'{Text.Cut(value.GetString()!, 50)}' is not {string.Join(", ", values.Select(v => $"'{v}'"))}");
    }
}

internal sealed class Base64Shape : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.String) Wrong(faults, path, "is a text");
        else if (value.GetString()!.Length > 512 * 1024 || !value.TryGetBytesFromBase64(out _)) Wrong(faults, path, "is not base64, or longer than 512 KiB");
    }
}

/// <summary>CACAO 2.0, section 10.10: a type, "--" and a UUID.</summary>
internal sealed partial class IdentifierShape(string? prefix = null) : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.String) Wrong(faults, path, "is a text");
        else if (!Is(value.GetString()!)) faults.Add(PlaybookFaults.Identifier, path, $"'{Text.Cut(value.GetString()!, 80)}' is not an identifier: a type, '--' and a UUID");
        else if (prefix is not null && !value.GetString()!.StartsWith(prefix + "--", StringComparison.Ordinal)) faults.Add(PlaybookFaults.Identifier, path, $"'{Text.Cut(value.GetString()!, 80)}' does not start with '{prefix}--'");
    }

    public static bool Is(string text) => Pattern().IsMatch(text);

    [GeneratedRegex("^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>CACAO 2.0, section 10.16: RFC 3339 in UTC.</summary>
internal sealed partial class TimestampShape(bool orNull = false) : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (orNull && value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.String) Wrong(faults, path, "is a text");
        else if (Read(value.GetString()!) is null) Wrong(faults, path, "is a time as RFC 3339 has it, in UTC, with 'Z'");
    }

    public static DateTimeOffset? Read(string text)
    {
        if (!Pattern().IsMatch(text)) return null;
        // A leap second is told as the last one before it.
        var known = text.AsSpan(17, 2).SequenceEqual("60") ? string.Concat(text.AsSpan(0, 17), "59", text.AsSpan(19)) : text;
        return DateTimeOffset.TryParse(known, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
    }

    [GeneratedRegex("^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?Z\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

internal sealed class FlagShape : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Wrong(faults, path, "is true or false");
    }
}

internal sealed class WholeShape(long least, long most) : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < least || number > most) Wrong(faults, path, $"is a whole number from {least} to {most}");
    }
}

/// <summary>Text or null, as a variable's value.</summary>
internal sealed class ValueShape : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.String) Wrong(faults, path, "is a text or null");
        else if (value.GetString()!.Length > VariableTypes.MaxValueLength) Wrong(faults, path, $"has at most {VariableTypes.MaxValueLength} characters");
    }
}
