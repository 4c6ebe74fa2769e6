using System.Globalization;

namespace Beacon.Detections.Scheduled.Findings;

/// <summary>Numbers and times as detections write them: invariant, for people and programs.</summary>
internal static class Wording
{
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min"),
        { TotalHours: < 72 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days"),
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Whole numbers whole, others with up to four digits that count.</summary>
    public static string Number(double number) =>
        Math.Abs(number) >= 1_000 || number == Math.Truncate(number) ? number.ToString("0", CultureInfo.InvariantCulture) : number.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>"once in 1200": how unlikely, for people; what is beyond counting is said so.</summary>
    public static string OnceIn(double times) => times >= 1e9 ? "once in more than 1000000000" : $"once in {Number(Math.Ceiling(times))}";
}
