using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace Beacon.Web.Console.Text;

/// <summary>
/// A sentence as it is written in English, "{0} opened because of {1}", to be found again with what stood in its holes. The English resource is the form,
/// so that a sentence and its form can't drift apart unseen. Runs in linear time: in the holes stands what an attacker may have written.
/// </summary>
internal sealed partial class SentenceForm
{
    private readonly string _mark;
    private readonly Lazy<Regex> _form;

    /// <param name="allowed">What may stand in each hole, as a regular expression.</param>
    /// <param name="reasoned">": " and somebody's words may follow.</param>
    public SentenceForm(ResourceManager texts, string key, Func<int, string> allowed, bool reasoned = false)
    {
        // Every second piece is the number of a hole.
        var pieces = Hole().Split(texts.GetString(key, CultureInfo.InvariantCulture) ?? throw new ArgumentException($"there is no text {key}", nameof(key)));
        _mark = pieces.Where((_, n) => n % 2 == 0).MaxBy(p => p.Length)!;
        var form = string.Concat(pieces.Select((p, n) => n % 2 == 0 ? Regex.Escape(p) : $"(?<h{p}>{allowed(int.Parse(p, CultureInfo.InvariantCulture))})"));
        // Most sentences are seldom met, and reading a form takes its time.
        _form = new(() => new Regex($"^{form}{(reasoned ? "(: (?<why>.*))?" : "")}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant));
        Holes = pieces.Length / 2;
    }

    public int Holes { get; }

    /// <summary>What stands in the holes, and the words behind it; null where it is another sentence.</summary>
    public (string[] Parts, string? Why)? Read(string text)
    {
        // Its longest fixed part: without that there is nothing to look for.
        if (!text.Contains(_mark, StringComparison.Ordinal) || _form.Value.Match(text) is not { Success: true } found) return null;
        return ([.. Enumerable.Range(0, Holes).Select(n => found.Groups[$"h{n}"].Value)], found.Groups["why"] is { Success: true } why ? why.Value : null);
    }

    [GeneratedRegex("\\{([0-9])\\}")]
    private static partial Regex Hole();
}
