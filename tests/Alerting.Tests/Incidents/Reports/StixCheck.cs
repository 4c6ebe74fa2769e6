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

    private static readonly Dictionary<string, string[]> Optional = new()
    {
        ["identity"] = ["identity_class"], ["incident"] = ["description"], ["indicator"] = ["name", "indicator_types"], ["sighting"] = ["observed_data_refs", "first_seen", "last_seen", "count"],
        ["course-of-action"] = ["description"], ["note"] = ["authors"], ["report"] = ["report_types"], ["marking-definition"] = ["name", "extensions"],
    };

    /// <summary>What a reference may lead to, where the standard says it.</summary>
    private static readonly Dictionary<(string Type, string Property), string> Leads = new()
    {
        [("", "created_by_ref")] = "identity", [("", "object_marking_refs")] = "marking-definition", [("sighting", "observed_data_refs")] = "observed-data", [("sighting", "sighting_of_ref")] = "indicator",
        [("relationship", "source_ref")] = "course-of-action", [("relationship", "target_ref")] = "attack-pattern",
    };

    private static readonly string[] Observables = ["ipv4-addr", "ipv6-addr", "domain-name", "user-account"];

    /// <summary>TLP 2.0 as the OASIS committee publishes it for STIX: one object for each marking, the same everywhere.</summary>
    public static IReadOnlyDictionary<string, string> Tlp { get; } = new Dictionary<string, string>
    {
        ["clear"] = "94868c89-83c2-464b-929b-a1a8aa3c8487", ["green"] = "bab4a63c-aed9-4cf5-a766-dfca5abac2bb", ["amber"] = "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        ["amber+strict"] = "939a9414-2ddd-4d32-a0cd-375ea402b003", ["red"] = "e828b379-4e03-4974-9ac4-e53a884c97c1",
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
        string[] may = type == "marking-definition" ? [] : Observables.Contains(type) ? ["object_marking_refs"] : ["created_by_ref", "object_marking_refs", "external_references"];
        foreach (var name in o.EnumerateObject().Select(p => p.Name).Except([.. common, "type", "id", .. required ?? [], .. Optional.GetValueOrDefault(type, []), .. may])) faults.Add($"{id}: {type} has no {name}");
        if (type == "marking-definition") Marking(o, id, faults);
        if (Observables.Contains(type)) Observable(o, id, type, required![0], faults);
        if (type == "indicator" && !Pattern().IsMatch(o.GetProperty("pattern").GetString()!)) faults.Add($"{id}: the pattern is not one");
        if (type is not ("identity" or "marking-definition") && !o.TryGetProperty("object_marking_refs", out _)) faults.Add($"{id}: is not marked");
        foreach (var property in o.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Null || property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() == 0 || property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.Length == 0)
                faults.Add($"{id}: {property.Name} is empty");
            if ((Leads.GetValueOrDefault((type, property.Name)) ?? Leads.GetValueOrDefault(("", property.Name))) is { } wanted)
                foreach (var to in property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().AsEnumerable() : [property.Value]) if (!to.GetString()!.StartsWith(wanted + "--", StringComparison.Ordinal)) faults.Add($"{id}: {property.Name} leads to what is no {wanted}");
            if (type == "observed-data" && property.Name == "object_refs")
                foreach (var to in property.Value.EnumerateArray()) if (!Observables.Any(t => to.GetString()!.StartsWith(t + "--", StringComparison.Ordinal))) faults.Add($"{id}: object_refs leads to what is no observable");
            if (property.Name is "created" or "modified" or "published" or "valid_from" || property.Name.EndsWith("_observed", StringComparison.Ordinal) && property.Name != "number_observed" || property.Name.EndsWith("_seen", StringComparison.Ordinal))
            {
                if (!Time().IsMatch(property.Value.GetString()!)) faults.Add($"{id}: {property.Name} is no timestamp");
            }
            if (property.Name.EndsWith("_ref", StringComparison.Ordinal) && !ids.Contains(property.Value.GetString()!)) faults.Add($"{id}: {property.Name} leads nowhere");
            if (!property.Name.EndsWith("_refs", StringComparison.Ordinal)) continue;
            foreach (var to in property.Value.EnumerateArray()) if (!ids.Contains(to.GetString()!)) faults.Add($"{id}: {property.Name} leads nowhere");
        }
        Order(o, id, "created", "modified", faults);
        Order(o, id, "first_seen", "last_seen", faults);
        Order(o, id, "first_observed", "last_observed", faults);
        if (o.TryGetProperty("number_observed", out var n) && n.GetInt64() is < 1 or > 999_999_999) faults.Add($"{id}: number_observed is out of range");
    }

    private static void Marking(JsonElement o, string id, List<string> faults)
    {
        var extension = o.GetProperty("extensions").EnumerateObject().Single();
        var level = extension.Value.GetProperty("tlp_2_0").GetString()!;
        if (extension.Name != "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d" || extension.Value.GetProperty("extension_type").GetString() != "property-extension" || extension.Value.EnumerateObject().Count() != 2) faults.Add($"{id}: is not the extension of TLP 2.0");
        if (id != "marking-definition--" + Tlp.GetValueOrDefault(level)) faults.Add($"{id}: is not TLP:{level}");
        if (o.GetProperty("name").GetString() != "TLP:" + level.ToUpperInvariant() || o.GetProperty("created").GetString() != "2022-10-01T00:00:00.000Z") faults.Add($"{id}: is not as it is published");
    }

    /// <summary>STIX 2.1, section 2.9: the id of an observable is made of what it is, so that everybody's is the same.</summary>
    private static void Observable(JsonElement o, string id, string type, string property, List<string> faults)
    {
        var value = o.GetProperty(property).GetString()!;
        // Test values need no escape but the quote's and the backslash's.
        var name = $"{{\"{property}\":\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}";
        byte[] space = [0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7];
#pragma warning disable CA5350 // UUID version 5 is defined over SHA-1.
        var hash = System.Security.Cryptography.SHA1.HashData([.. space, .. System.Text.Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        var hex = Convert.ToHexStringLower(hash);
        // The version stands in place of the 13th digit, the variant in the two highest bits of the 17th.
        var expected = $"{type}--{hex[..8]}-{hex[8..12]}-5{hex[13..16]}-{"89ab"[Convert.ToInt32(hex[16..17], 16) & 3]}{hex[17..20]}-{hex[20..32]}";
        if (id != expected) faults.Add($"{id}: the id is not that of {name}");
        if (type == "domain-name" && Uri.CheckHostName(value) != UriHostNameType.Dns) faults.Add($"{id}: '{value}' is no name of a domain");
    }

    private static void Order(JsonElement o, string id, string first, string last, List<string> faults)
    {
        if (o.TryGetProperty(first, out var from) && o.TryGetProperty(last, out var to) && DateTimeOffset.Parse(from.GetString()!, CultureInfo.InvariantCulture) > DateTimeOffset.Parse(to.GetString()!, CultureInfo.InvariantCulture)) faults.Add($"{id}: {last} is before {first}");
    }

    [GeneratedRegex("^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\[ipv[46]-addr:value = '[0-9a-f.:]+'\]$")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Time();
}
