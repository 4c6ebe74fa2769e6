using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class WildcardEndsConvention() : Convention("wildcard-modifier", FaultSeverity.Warning, "Wildcards at the ends of values are written as contains, startswith or endswith.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var item in document.Items)
        {
            if (item.Field.Length == 0 || item.Modifiers.Count > 0 || item.Values.Count == 0) continue;
            // Where only some values have them, or they stand within, wildcards are the shorter way.
            var forms = item.Values.Select(static v => Form(v.Text)).Distinct().ToArray();
            if (forms is [{ } modifier]) Report(document, item.Key.Mark, $"the values of '{YamlReader.Shorten(item.Field)}' have wildcards at their ends", $"write {YamlReader.Shorten(item.Field)}|{modifier} and leave them out");
        }
    }

    private static string? Form(string text)
    {
        var parts = SigmaPattern.Parse(text).Parts;
        if (parts.Count(static p => p.Kind != PatternPartKind.Literal) is var wild && parts.Any(static p => p.Kind == PatternPartKind.One)) return null;
        return parts switch
        {
            [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal }, { Kind: PatternPartKind.Any }] => "contains",
            [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal }] when wild == 1 => "endswith",
            [{ Kind: PatternPartKind.Literal }, { Kind: PatternPartKind.Any }] when wild == 1 => "startswith",
            _ => null,
        };
    }
}
