using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Beacon.Alerting.Playbooks;

/// <summary>Values of a document: each is of its type and within its ceiling, or a fault with its path.</summary>
internal sealed partial class PlaybookReader
{
    private string? Required(JsonElement parent, string path, string name)
    {
        if (parent.TryGetProperty(name, out _)) return Optional(parent, path, name);
        faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), "is wanted");
        return null;
    }

    private string? Optional(JsonElement parent, string path, string name)
    {
        if (!parent.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), "is a text");
        else if (value.GetString() is { } text && text.Length > MaxText) faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), $"has at most {MaxText} characters");
        else return value.GetString();
        return null;
    }

    private string? RequiredId(JsonElement parent, string path, string name) => Required(parent, path, name) is { } id ? CheckId(id, PlaybookFaults.Path(path, name)) : null;
    private string? OptionalId(JsonElement parent, string path, string name) => Optional(parent, path, name) is { } id ? CheckId(id, PlaybookFaults.Path(path, name)) : null;

    private string? CheckId(string id, string path)
    {
        if (IdPattern().IsMatch(id)) return id;
        faults.Add(PlaybookFaults.Identifier, path, $"'{Text.Cut(id, 80)}' is not an identifier: a type, '--' and a UUID");
        return null;
    }

    private List<string> Ids(JsonElement parent, string path, string name) =>
        [.. Strings(parent, path, name).Select((id, i) => CheckId(id, $"{path}.{name}[{i}]")).OfType<string>()];

    private List<string> Strings(JsonElement parent, string path, string name)
    {
        var all = new List<string>();
        if (Array(parent, path, name) is not { } array) return all;
        var n = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) all.Add(Text.Cut(item.GetString()!, MaxText));
            else faults.Add(PlaybookFaults.Property, $"{PlaybookFaults.Path(path, name)}[{n}]", "is a text");
            if (++n < 1_000) continue;
            faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), "has at most 1,000 entries");
            break;
        }
        return all;
    }

    private long? Whole(JsonElement parent, string path, string name, long least, long most)
    {
        if (!parent.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most) return number;
        faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), $"is a whole number from {least} to {most}");
        return null;
    }

    private DateTimeOffset? Timestamp(JsonElement root, string name, bool required)
    {
        var text = required ? Required(root, "$", name) : Optional(root, "$", name);
        if (text is null) return null;
        if (TimestampPattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant;
        faults.Add(PlaybookFaults.Property, "$." + name, "is a time as RFC 3339 has it, in UTC, with 'Z'");
        return null;
    }

    private JsonElement? Object(JsonElement parent, string path, string name) => Kind(parent, path, name, JsonValueKind.Object, "an object");
    private JsonElement? Array(JsonElement parent, string path, string name) => Kind(parent, path, name, JsonValueKind.Array, "a list");

    private JsonElement? Kind(JsonElement parent, string path, string name, JsonValueKind kind, string word)
    {
        if (!parent.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == kind) return value;
        faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), "is " + word);
        return null;
    }

    private string? Base64(JsonElement parent, string path, string name)
    {
        if (Optional(parent, path, name) is not { } text) return null;
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var n)) return Encoding.UTF8.GetString(bytes, 0, n);
        faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, name), "is not base64");
        return null;
    }
}
