namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>$category, $product and $service of a template (also as ${service}).</summary>
internal static class SourceText
{
    public static string Fill(string text, SigmaLogSource source)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        foreach (var (name, value) in new[] { ("category", source.Category), ("product", source.Product), ("service", source.Service) })
            text = text.Replace("${" + name + "}", value, StringComparison.Ordinal).Replace("$" + name, value, StringComparison.Ordinal);
        return text;
    }

    public static SigmaPattern Fill(SigmaPattern pattern, SigmaLogSource source) =>
        SigmaPattern.Of(pattern.Parts.Select(p => p.Kind == PatternPartKind.Literal ? PatternPart.Literal(Fill(p.Text, source)) : p));
}
