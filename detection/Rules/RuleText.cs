using System.Security.Cryptography;
using System.Text;

namespace Beacon.Detections.Rules;

/// <summary>A rule's YAML, compared.</summary>
public static class RuleText
{
    /// <summary>16 hexadecimal digits that stand for a text; blank lines around it and the kind of its line ends make no difference.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Trim()))[..8]);
}
