using System.Collections.Frozen;
using System.Globalization;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Words;

/// <summary>How one language says what a rule looks for.</summary>
internal abstract class RulePhrases
{
    /// <summary>Values of a clause that are named.</summary>
    protected const int MaxValues = 8;

    private const int MaxValue = 80;

    private static readonly FrozenDictionary<string, string> Products = new Dictionary<string, string>
    {
        ["windows"] = "Windows", ["linux"] = "Linux", ["macos"] = "macOS", ["zeek"] = "Zeek", ["aws"] = "AWS", ["azure"] = "Azure", ["gcp"] = "Google Cloud", ["m365"] = "Microsoft 365", ["okta"] = "Okta",
        ["github"] = "GitHub", ["bitbucket"] = "Bitbucket", ["kubernetes"] = "Kubernetes", ["cisco"] = "Cisco", ["fortigate"] = "FortiGate", ["onelogin"] = "OneLogin", ["opencanary"] = "OpenCanary",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the events of a log source are: "A started process".</summary>
    public abstract string Subject(SigmaLogSource source);

    /// <summary>The whole sentence.</summary>
    /// <param name="wanted">Null where every event of the log source is meant.</param>
    public abstract string Sentence(string subject, string? wanted, IReadOnlyList<string> unless);

    /// <summary>One clause.</summary>
    public abstract string Say(Clause clause);

    /// <param name="nested">It stands within another junction.</param>
    public abstract string Join(bool all, IReadOnlyList<string> parts, bool nested);

    /// <summary>Holds together what would be read otherwise.</summary>
    public abstract string Group(string said);

    /// <summary>In place of what is left out for length.</summary>
    public abstract string Further { get; }

    /// <summary>"Windows security".</summary>
    protected static string NameOf(SigmaLogSource source) =>
        string.Join(' ', new[] { Products.GetValueOrDefault(source.Product, source.Product), source.Category.Replace('_', ' '), source.Service }.Where(static p => p.Length > 0));

    protected static string Cut(string text) => text.Length <= MaxValue ? text : text[..MaxValue] + "…";

    protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
