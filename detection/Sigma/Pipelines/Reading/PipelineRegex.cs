using System.Text;
using System.Text.RegularExpressions;
using Beacon.Detections.Matching;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>Regular expressions and replacements as Python writes them (docs.python.org, "re"), in linear time where they allow it, else under a time limit.</summary>
internal static partial class PipelineRegex
{
    public static BoundedRegex? Read(Arguments arguments, string key)
    {
        if (arguments.Text(key, required: true) is not { } text) return null;
        return Read(arguments, key, text);
    }

    public static BoundedRegex? Read(Arguments arguments, string key, string text)
    {
        var pattern = NamedReference().Replace(NamedGroup().Replace(text, "(?<"), "\\k<$1>");
        if (RegexCompiler.Check(pattern, RegexOptions.None) is not { } problem) return new BoundedRegex(RegexCompiler.Compile(pattern, RegexOptions.None));
        arguments.Error(key, FaultCodes.Value, problem);
        return null;
    }

    /// <summary>\1, \g&lt;1&gt; and \g&lt;name&gt; of a replacement in this platform's form.</summary>
    public static string Replacement(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '$') result.Append("$$");
            else if (text[i] != '\\' || i + 1 == text.Length) result.Append(text[i]);
            else if (char.IsAsciiDigit(text[i + 1]))
            {
                var from = ++i;
                while (i + 1 < text.Length && i - from < 1 && char.IsAsciiDigit(text[i + 1])) i++;
                result.Append("${").Append(text, from, i - from + 1).Append('}');
            }
            else if (text[i + 1] == 'g' && i + 2 < text.Length && text[i + 2] == '<' && text.IndexOf('>', i) is var end and > 0)
            {
                result.Append("${").Append(text, i + 3, end - i - 3).Append('}');
                i = end;
            }
            else
            {
                var c = text[++i];
                result.Append(c switch { 'n' => "\n", 't' => "\t", 'r' => "\r", '\\' => "\\", _ => "\\" + c });
            }
        }
        return result.ToString();
    }

    [GeneratedRegex(@"\(\?P<", RegexOptions.NonBacktracking)]
    private static partial Regex NamedGroup();

    [GeneratedRegex(@"\(\?P=([A-Za-z_][A-Za-z0-9_]*)\)", RegexOptions.NonBacktracking)]
    private static partial Regex NamedReference();
}
