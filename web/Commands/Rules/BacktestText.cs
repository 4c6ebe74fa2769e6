using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Detections.Backtests;
using Beacon.Events;
using Beacon.Web.Api;

namespace Beacon.Web.Commands.Rules;

/// <summary>A back-test for a terminal, and as JSON.</summary>
internal static class BacktestText
{
    private const int BarWidth = 40;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static string Json(BacktestReport report) => JsonSerializer.Serialize(BacktestAnswer.Of(report), Options) + "\n";

    public static string Write(BacktestReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Range.From:u} to {report.Range.To:u}: {report.Events:N0} events in {report.Took.TotalSeconds:0.00} s ({report.EventsPerSecond:N0} a second), {report.Candidates:N0} looked at one by one");
        foreach (var rule in report.Rules)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{TerminalText.Clean(rule.Title)} ({rule.Kind}, {rule.Level.ToString().ToLowerInvariant()}): {rule.Raised:N0} raised");
            if (rule.BlindReason is not null) text.AppendLine("  blind: " + TerminalText.Clean(rule.BlindReason.ToString()));
            if (rule.Suppressed > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {rule.Suppressed:N0} more would have been suppressed");
            if (rule.Windows > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {rule.Windows:N0} windows");
            if (rule.Omitted > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {rule.Omitted:N0} evaluations took too long or met a ceiling: the number may be too small");
            var most = rule.Hours.Count == 0 ? 1 : rule.Hours.Max(static h => h.Count);
            foreach (var hour in rule.Hours.TakeLast(48)) text.AppendLine(CultureInfo.InvariantCulture, $"  {hour.Start:yyyy-MM-dd HH}:00 {hour.Count,9:N0} {new string('█', (int)Math.Max(1, hour.Count * BarWidth / most))}");
            if (rule.Hours.Count > 48) text.AppendLine(CultureInfo.InvariantCulture, $"  and {rule.Hours.Count - 48:N0} hours before");
            foreach (var entity in rule.Entities) text.AppendLine(CultureInfo.InvariantCulture, $"  {entity.Count,9:N0} {TerminalText.Clean(entity.Value)}");
            foreach (var example in rule.Examples) text.AppendLine(CultureInfo.InvariantCulture, $"  {example.Time:u} {TerminalText.Clean(example.Summary)} {example.EventId}");
        }
        return text.ToString();
    }
}
