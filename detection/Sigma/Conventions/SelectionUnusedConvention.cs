using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class SelectionUnusedConvention() : Convention("selection-unused", FaultSeverity.Warning, "The condition uses every selection.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Rule is not { } rule) return;
        var used = new HashSet<string>(StringComparer.Ordinal);
        Collect(rule.Condition, used);
        foreach (var (key, _) in document.Selections)
            if (!used.Contains(key.Text)) Report(document, key.Mark, $"the condition does not use '{YamlReader.Shorten(key.Text)}'", "use it, or take it out");
    }

    private static void Collect(SigmaCondition condition, HashSet<string> used)
    {
        switch (condition)
        {
            case SelectionCondition selection: used.Add(selection.Selection.Name); break;
            case NotCondition not: Collect(not.Part, used); break;
            case AndCondition and: foreach (var part in and.Parts) Collect(part, used); break;
            case OrCondition or: foreach (var part in or.Parts) Collect(part, used); break;
        }
    }
}
