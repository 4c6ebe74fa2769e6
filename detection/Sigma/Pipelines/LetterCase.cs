using System.Text;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>Cases of names and values.</summary>
internal static class LetterCase
{
    public static readonly string[] Names = ["lower", "upper", "title", "snake_case"];

    public static Func<string, string> Of(string name) => name switch
    {
        "lower" => static t => t.ToLowerInvariant(),
        "upper" => static t => t.ToUpperInvariant(),
        "title" => Title,
        _ => Snake,
    };

    /// <summary>The first letter of every word large, the others small.</summary>
    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            result.Append(i > 0 && char.IsLetterOrDigit(text[i - 1]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]));
        return result.ToString();
    }

    /// <summary>ParentCommandLine as parent_command_line, EventID as event_id, DNSName as dns_name.</summary>
    private static string Snake(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var startsWord = char.IsUpper(text[i]) && i > 0
                && (char.IsLower(text[i - 1]) || char.IsDigit(text[i - 1]) || (char.IsUpper(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1])));
            if (startsWord) result.Append('_');
            result.Append(char.ToLowerInvariant(text[i]));
        }
        return result.ToString();
    }
}
