using System.Text;
using System.Text.Json;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>The forms in which a target may give a secret back: as it is, for a URL, within JSON, in base64, a line of a key.</summary>
internal static class SecretForms
{
    /// <summary>Shorter texts are found everywhere: masking them would garble what is said and hide nothing.</summary>
    private const int Shortest = 4;

    public static IReadOnlyList<string> Of(PlaybookSecret secret)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in secret.Parts)
        {
            forms.Add(part);
            forms.Add(Uri.EscapeDataString(part));
            forms.Add(JsonEncodedText.Encode(part).ToString());
            forms.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(part)));
            forms.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.UserName + ":" + part)));
            // A whole key seldom comes back in one piece; its first and last lines are the same for every key.
            foreach (var line in part.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length >= 16 && !l.StartsWith("-----", StringComparison.Ordinal))) forms.Add(line);
        }
        return [.. forms.Where(f => f.Length >= Shortest)];
    }
}
