using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Beacon.Alerting.Tests.Incidents.Reports;

/// <summary>What STIX 2.1 requires of a bundle and its objects: every fault with its object.</summary>
internal static partial class StixCheck
{
    private static readonly string[] Common = ["type", "spec_version", "id", "created", "modified"];

    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["identity"] = ["name"], ["incident"] = ["name"], ["observed-data"] = ["first_observed", "last_observed", "number_observed", "object_refs"],
        ["indicator"] = ["pattern", "pattern_type", "valid_from"], ["sighting"] = ["sighting_of_ref"], ["attack-pattern"] = ["name"], ["course-of-action"] = ["name"],
        ["note"] = ["content", "object_refs"], ["report"] = ["name", "published", "object_refs"], ["relationship"] = ["relationship_type", "source_ref", "target_ref"],
        ["marking-definition"] = [], ["ipv4-addr"] = ["value"], ["ipv6-addr"] = ["value"], ["domain-name"] = ["value"], ["user-account"] = ["account_login"],
    };

    public static IReadOnlyList<string> Faults(string json)
    {
        var faults = new List<string>();
        using var document = JsonDocument.Parse(json);
        var bundle = document.RootElement;
        if (bundle.GetProperty("type").GetString() != "bundle" || !Id().IsMatch(bundle.GetProperty("id").GetString()!)) faults.Add("the bundle has no type or id");
        var objects = bundle.GetProperty("objects").EnumerateArray().ToList();
        var ids = objects.Select(o => o.GetProperty("id").GetString()!).ToList();
        foreach (var twice in ids.GroupBy(i => i).Where(g => g.Count() > 1)) faults.Add($"{twice.Key} stands twice");
        foreach (var o in objects) Check(o, ids, faults);
        return faults;
    }

    private static void Check(JsonElement o, List<string> ids, List<string> faults)
    {
        var (id, type) = (o.GetProperty("id").GetString()!, o.GetProperty("type").GetString()!);
        if (!Required.TryGetValue(type, out var required)) faults.Add($"{id}: unknown type {type}");
        if (!id.StartsWith(type + "--", StringComparison.Ordinal) || !Id().IsMatch(id)) faults.Add($"{id}: the id is not of its type");
        var common = type is "marking-definition" ? ["spec_version", "created"] : type is "ipv4-addr" or "ipv6-addr" or "domain-name" or "user-account" ? ["spec_version"] : Common;
        foreach (var name in common.Concat(required ?? [])) if (!o.TryGetProperty(name, out _)) faults.Add($"{id}: {name} is missing");
        if (o.TryGetProperty("spec_version", out var version) && version.GetString() != "2.1") faults.Add($"{id}: spec_version");
        foreach (var property in o.EnumerateObject())
        {
            if (property.Name is "created" or "modified" or "published" or "valid_from" || property.Name.EndsWith("_observed", StringComparison.Ordinal) && property.Name != "number_observed" || property.Name.EndsWith("_seen", StringComparison.Ordinal))
            {
                if (!Time().IsMatch(property.Value.GetString()!)) faults.Add($"{id}: {property.Name} is no timestamp");
            }
            if (property.Name.EndsWith("_ref", StringComparison.Ordinal) && !ids.Contains(property.Value.GetString()!)) faults.Add($"{id}: {property.Name} leads nowhere");
            if (!property.Name.EndsWith("_refs", StringComparison.Ordinal)) continue;
            if (property.Value.GetArrayLength() == 0) faults.Add($"{id}: {property.Name} is empty");
            foreach (var to in property.Value.EnumerateArray()) if (!ids.Contains(to.GetString()!)) faults.Add($"{id}: {property.Name} leads nowhere");
        }
        Order(o, id, "created", "modified", faults);
        Order(o, id, "first_observed", "last_observed", faults);
        if (o.TryGetProperty("number_observed", out var n) && n.GetInt64() is < 1 or > 999_999_999) faults.Add($"{id}: number_observed is out of range");
    }

    private static void Order(JsonElement o, string id, string first, string last, List<string> faults)
    {
        if (o.TryGetProperty(first, out var from) && o.TryGetProperty(last, out var to) && DateTimeOffset.Parse(from.GetString()!, CultureInfo.InvariantCulture) > DateTimeOffset.Parse(to.GetString()!, CultureInfo.InvariantCulture)) faults.Add($"{id}: {last} is before {first}");
    }

    [GeneratedRegex("^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Time();
}
