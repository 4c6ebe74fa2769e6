using System.Collections.Frozen;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Words with anything but letters in them are names of programs, and keep their own form.</summary>
internal sealed class TitleCaseConvention() : Convention("title-case", FaultSeverity.Info, "The title's words begin with capitals.")
{
    private static readonly FrozenSet<string> Small = new[]
    {
        "a", "about", "after", "against", "an", "and", "as", "at", "before", "but", "by", "during", "for", "from", "if", "in", "into", "is", "it", "its", "like", "nor", "not", "of",
        "off", "on", "onto", "or", "out", "over", "per", "so", "than", "that", "the", "then", "through", "to", "under", "until", "up", "upon", "using", "via", "was", "when", "with", "within", "without", "new",
    }.ToFrozenSet(StringComparer.Ordinal);

    public override void Check(CheckedDocument document)
    {
        if (document.Text("title") is not { } title) return;
        var words = title.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].Trim('(', ')', '"', '\'', ',', ':', ';');
            if (word.Length == 0 || !word.All(char.IsAsciiLetterLower) || (i > 0 && Small.Contains(word))) continue;
            Report(document, title.Mark, $"the title's word '{YamlReader.Shorten(word)}' begins with a small letter", "write titles as headings");
            return;
        }
    }
}
