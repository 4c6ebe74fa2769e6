using System.Globalization;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>ISO 8601, as the specification asks since 2.0.</summary>
internal sealed class DateFormConvention() : Convention("date-form", FaultSeverity.Warning, "Dates are written YYYY-MM-DD.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var key in new[] { "date", "modified" })
        {
            if (document.Text(key) is { } text && !TryParse(text.Text, out _))
                Report(document, text.Mark, $"{key} is '{YamlReader.Shorten(text.Text)}', which is no date of the form YYYY-MM-DD", text.Text.Contains('/', StringComparison.Ordinal) ? $"write {YamlReader.Shorten(text.Text.Replace('/', '-'))}" : Phrase.Empty);
        }
    }

    public static bool TryParse(string text, out DateOnly date) => DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
