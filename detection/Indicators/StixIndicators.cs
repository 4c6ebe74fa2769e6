using System.Globalization;
using System.Text.Json;

namespace Beacon.Detections.Indicators;

/// <summary>Indicators from a STIX 2.1 bundle, or one indicator by itself (OASIS, section 4.7). Revoked ones are left out.</summary>
internal static class StixIndicators
{
    private const int MaxDepth = 32;

    public static IndicatorDocument Read(ReadOnlyMemory<byte> json)
    {
        var indicators = new List<Indicator>();
        var faults = new List<IndicatorFault>();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) faults.Add(new IndicatorFault("the document", "a STIX bundle is an object"));
            else if (Text(root, "type") == "bundle" && root.TryGetProperty("objects", out var objects) && objects.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in objects.EnumerateArray()) ReadObject(item, indicators, faults);
            }
            else if (Text(root, "type") == "indicator") ReadObject(root, indicators, faults);
            else faults.Add(new IndicatorFault("the document", "neither a STIX bundle with objects nor an indicator"));
        }
        catch (JsonException fault)
        {
            faults.Add(new IndicatorFault($"line {fault.LineNumber + 1}", "no JSON: " + fault.Message));
        }
        return new IndicatorDocument(indicators, faults);
    }

    private static void ReadObject(JsonElement item, List<Indicator> indicators, List<IndicatorFault> faults)
    {
        if (item.ValueKind != JsonValueKind.Object || Text(item, "type") != "indicator") return;
        if (item.TryGetProperty("revoked", out var revoked) && revoked.ValueKind == JsonValueKind.True) return;
        var id = Cut(Text(item, "id"));
        if (Text(item, "pattern_type") is var language && language != "stix")
        {
            Fault($"its pattern is written in '{Cut(language)}', not in stix");
            return;
        }
        DateTimeOffset? until = null;
        if (Text(item, "valid_until") is { Length: > 0 } text)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            {
                Fault("valid_until is no time");
                return;
            }
            until = instant;
        }
        if (StixPattern.Read(Text(item, "pattern"), out var problem) is not { } values)
        {
            Fault("its pattern can't be looked up: " + problem);
            return;
        }
        foreach (var (path, value) in values)
        {
            if (KindOf(path) is not { } kind) Fault($"nothing holds '{Cut(path)}'");
            else if (IndicatorValues.Normalise(kind, value) is not { } normal) Fault($"'{Cut(value)}' is no {kind.ToString().ToLowerInvariant()}");
            else indicators.Add(new Indicator(kind, normal, Cut(Text(item, "name")), id, until));
        }

        void Fault(string message) => faults.Add(new IndicatorFault(id.Length > 0 ? id : "an indicator without id", message));
    }

    private static IndicatorKind? KindOf(string path) => path switch
    {
        "ipv4-addr:value" or "ipv6-addr:value" or "network-traffic:src_ref.value" or "network-traffic:dst_ref.value" => IndicatorKind.Address,
        "domain-name:value" => IndicatorKind.Domain,
        "url:value" => IndicatorKind.Url,
        _ when path.StartsWith("file:hashes.", StringComparison.Ordinal) && path[12..].Trim('\'').Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() is "MD5" or "SHA1" or "SHA256" => IndicatorKind.Hash,
        _ => null,
    };

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Cut(string text) => text.Length <= Indicator.MaxText ? text : text[..Indicator.MaxText];
}
