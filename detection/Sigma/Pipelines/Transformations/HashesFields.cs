using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'hashes_fields': values such as SHA256=… of one field become items of a field for every algorithm. An item of another field than Hashes that holds none stays.</summary>
internal sealed class HashesFields(IReadOnlyList<string> algorithms, string prefix, bool dropName) : ItemTransformation
{
    public static HashesFields? Read(Arguments arguments)
    {
        var (algorithms, prefix, drop) = (arguments.Texts("valid_hash_algos", required: true), arguments.Text("field_prefix") ?? "", arguments.Flag("drop_algo_prefix"));
        if (algorithms is null) return null;
        if (!drop || prefix.Length > 0) return new HashesFields(algorithms, prefix, drop);
        arguments.Error("drop_algo_prefix", FaultCodes.Value, "without the algorithm's name and without 'field_prefix' the field has no name");
        return null;
    }

    protected override DraftNode? Change(DraftItem item, RuleDraft draft)
    {
        if (item.Values.Exists(static v => v is not PatternValue)) return item;
        var byField = new List<(string Field, List<SigmaValue> Values)>();
        foreach (var value in item.Values)
        {
            if (Field(ValueText.Plain(((PatternValue)value).Pattern), out var hash) is not { } field) continue;
            if (byField.Find(f => f.Field == field).Values is not { } values) byField.Add((field, values = []));
            values.Add(new PatternValue(SigmaPattern.Parse(hash)));
        }
        if (byField.Count == 0)
        {
            if (item.Fields.Contains("Hashes")) draft.Fail($"it names no hash of {string.Join(", ", algorithms)}");
            return item;
        }
        // "All" of an item asks for every value, "neq" for none: so for the items that it becomes.
        return new DraftGroup(item.All || item.Negated, byField.Select(f => item.With([f.Field], f.Values)));
    }

    private string? Field(string text, out string hash)
    {
        var parts = text.Split(text.Contains('|', StringComparison.Ordinal) ? '|' : '=');
        var named = parts.Length == 2;
        hash = named ? parts[1] : parts[0];
        var name = named ? parts[0].TrimStart('*').ToUpperInvariant() : hash.Length switch { 32 => "MD5", 40 => "SHA1", 64 => "SHA256", 128 => "SHA512", _ => "" };
        return algorithms.Contains(name) ? prefix + (dropName ? "" : name) : null;
    }
}
