using System.IO.Enumeration;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Filters are left alone: "not 1 of filter_main_*" is written for the filters that will be added later.</summary>
internal sealed class SingleOfConvention() : Convention("single-of", FaultSeverity.Info, "'1 of' and 'all of' choose among several selections.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Rule is null) return;
        var names = document.Selections.Select(static s => s.Key.Text).ToArray();
        foreach (var condition in document.Conditions)
        {
            var words = condition.Text.Split([' ', '\t', '\r', '\n', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
            for (var i = 2; i < words.Length; i++)
            {
                if (!words[i - 1].Equals("of", StringComparison.OrdinalIgnoreCase)) continue;
                var pattern = words[i];
                var them = pattern.Equals("them", StringComparison.OrdinalIgnoreCase);
                var chosen = names.Where(n => them ? !n.StartsWith('_') : FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false)).ToArray();
                if (chosen.Length == 1 && !chosen[0].StartsWith("filter", StringComparison.Ordinal))
                    Report(document, condition.Mark, $"'{words[i - 2]} of {YamlReader.Shorten(pattern)}' has only '{YamlReader.Shorten(chosen[0])}' to choose from", "write the selection's name");
            }
        }
    }
}
