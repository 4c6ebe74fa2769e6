using System.Globalization;
using System.Text;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>A search as the page's address has it: what a colleague opens is what one sees.</summary>
/// <param name="From">With <paramref name="To"/>: a span of its own, in place of <paramref name="Span"/>.</param>
public sealed record SearchLink(string Text, string Span, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<string> Columns)
{
    public const string DefaultSpan = "24h";
    public const int MaxColumns = 12;

    public static IReadOnlyList<string> Spans { get; } = ["15m", "1h", "24h", "7d", "30d", "all"];
    public static IReadOnlyList<string> DefaultColumns { get; } = ["host.name", "event.action"];

    public bool IsCustom => From is not null && To is not null;

    /// <summary>Reads an address; what makes no sense is left out.</summary>
    public static SearchLink Parse(string? text, string? span, string? from, string? to, string? columns)
    {
        var (start, end) = (Instant(from), Instant(to));
        if (start is null || end is null || end <= start) (start, end) = (null, null);
        List<string> chosen = [.. (columns ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(c => c.Length <= FieldNames.MaxNameLength && !c.Any(char.IsControl)).Distinct().Take(MaxColumns)];
        return new SearchLink(text ?? "", Spans.Contains(span) ? span! : DefaultSpan, start, end, columns is null ? DefaultColumns : chosen);
    }

    /// <summary>The query part of the address, without "?".</summary>
    public string Query()
    {
        var query = new StringBuilder("q=").Append(Uri.EscapeDataString(Text));
        if (IsCustom) query.Append("&from=").Append(Uri.EscapeDataString(Write(From!.Value))).Append("&to=").Append(Uri.EscapeDataString(Write(To!.Value)));
        else query.Append("&span=").Append(Span);
        if (!Columns.SequenceEqual(DefaultColumns)) query.Append("&cols=").Append(Uri.EscapeDataString(string.Join(',', Columns)));
        return query.ToString();
    }

    public string Url() => "/search?" + Query();

    /// <summary>The address that exports what is shown.</summary>
    public string ExportUrl(string format, TimeRange range)
    {
        var fields = format == "csv" ? "&fields=" + Uri.EscapeDataString(string.Join(',', Columns.Prepend("@timestamp").Append("message").Distinct())) : "";
        return $"/api/v1/events/export?format={format}&q={Uri.EscapeDataString(Text)}&from={Uri.EscapeDataString(Write(range.From))}&to={Uri.EscapeDataString(Write(range.To))}{fields}";
    }

    /// <summary>The span's time, seen from now.</summary>
    /// <param name="whole">What "all" means.</param>
    public TimeRange Range(DateTimeOffset now, TimeRange whole) => IsCustom ? new TimeRange(From!.Value, To!.Value) : Span switch
    {
        "15m" => new TimeRange(now.AddMinutes(-15), now.AddMinutes(1)), "1h" => new TimeRange(now.AddHours(-1), now.AddMinutes(1)), "7d" => new TimeRange(now.AddDays(-7), now.AddMinutes(1)),
        "30d" => new TimeRange(now.AddDays(-30), now.AddMinutes(1)), "all" => whole, _ => new TimeRange(now.AddDays(-1), now.AddMinutes(1)),
    };

    // A bar covers a round span, so that its time can be read.
    public static TimeSpan Step(TimeSpan least)
    {
        double[] seconds = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000];
        return TimeSpan.FromSeconds(seconds.FirstOrDefault(s => s >= least.TotalSeconds, Math.Max(least.TotalSeconds, 2_592_000)));
    }

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is > 1970 and < 9999 ? time : null;
}
