using System.Text.Json.Serialization;

namespace Beacon.Alerting.Alerts;

/// <summary>When a person should act.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UrgencyBand>))]
public enum UrgencyBand
{
    ThisShift,
    ThisHour,
    /// <summary>Within ten minutes.</summary>
    ActNow,
}

[JsonConverter(typeof(JsonStringEnumConverter<UrgencyFactor>))]
public enum UrgencyFactor
{
    Severity,
    Asset,
    Confidence,
    Age,
    /// <summary>What else gathered about the entity.</summary>
    Risk,
}

/// <summary>One line of "why it ranks 94".</summary>
/// <param name="Value">The reading in English ("critical", "96 %", "3 min"); pages translate by <paramref name="Factor"/>.</param>
/// <param name="Points">Points given, 0 to <paramref name="Most"/>.</param>
public sealed record UrgencyPart(UrgencyFactor Factor, string Value, int Points, int Most);

/// <summary>How soon an alert wants a person, 0 to 100, with what it is made of.</summary>
/// <param name="Score">Sum of the parts, at most 100.</param>
/// <param name="ActBy">End of the band's time from the first detection's receipt; null for <see cref="UrgencyBand.ThisShift"/>.</param>
public sealed record Urgency(int Score, UrgencyBand Band, DateTimeOffset? ActBy, IReadOnlyList<UrgencyPart> Parts)
{
    /// <summary>Lowest score of <see cref="UrgencyBand.ActNow"/>.</summary>
    public const int ActNowFrom = 75;

    /// <summary>Lowest score of <see cref="UrgencyBand.ThisHour"/>.</summary>
    public const int ThisHourFrom = 50;

    public static UrgencyBand BandOf(int score) => score switch
    {
        >= ActNowFrom => UrgencyBand.ActNow,
        >= ThisHourFrom => UrgencyBand.ThisHour,
        _ => UrgencyBand.ThisShift,
    };
}
