using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Text with escaped wildcards is text: a plain value says it, and costs less.</summary>
internal sealed partial class RegexNeedlessConvention() : Convention("re-needless", FaultSeverity.Info, "'re' is for what text and wildcards cannot say.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var item in document.Items)
        {
            if (item.Modifiers is not ["re"]) continue;
            foreach (var value in item.Values)
            {
                if (Plain().IsMatch(value.Text))
                    Report(document, value.Mark, $"the regular expression '{YamlReader.Shorten(value.Text)}' is plain text with escapes", $"write {YamlReader.Shorten(item.Field)}|contains|cased; there \\* and \\? are a star and a question mark too");
                else if (value.Text.Length > 4 && value.Text.StartsWith(".*", StringComparison.Ordinal) && value.Text.EndsWith(".*", StringComparison.Ordinal) && !value.Text.EndsWith("\\.*", StringComparison.Ordinal))
                    Report(document, value.Mark, "a regular expression is searched for anywhere: '.*' at its ends changes nothing", "leave it out");
            }
        }
    }

    /// <summary>Letters, digits, blanks, and escaped signs: nothing that a regular expression is needed for.</summary>
    [GeneratedRegex(@"\A(?:[\w \-/:;,=@#%&'""<>~`!]|\\[^\w\s])+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
