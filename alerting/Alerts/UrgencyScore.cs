using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>
/// Points of an alert's urgency: severity up to 40, the asset's importance up to 30, confidence in the rule up to 20, freshness
/// of the evidence up to 10 (halved every half hour), and up to 10 more for what else gathered about the entity; at most 100.
/// </summary>
internal static class UrgencyScore
{
    public const int MostSeverity = 40;
    public const int MostAsset = 30;
    public const int MostConfidence = 20;
    public const int MostAge = 10;
    public const int MostRisk = 10;

    public static int SeverityPoints(Severity severity) => severity switch
    {
        Severity.Critical => 40,
        Severity.High => 30,
        Severity.Medium => 14,
        Severity.Low => 6,
        _ => 0,
    };

    public static int AssetPoints(bool known, AssetImportance importance) => importance switch
    {
        AssetImportance.EspeciallyImportant => 30,
        AssetImportance.Important => 22,
        _ => known ? 12 : 8,
    };

    /// <summary>Share of a rule's closed alerts that were right, in percent; a rule without a record starts at 80.</summary>
    public static int Confidence(long right, long benign, long wrong) =>
        (int)Math.Round(100 * (right + 0.5 * benign + 8) / (right + benign + wrong + 10.0), MidpointRounding.AwayFromZero);

    public static int ConfidencePoints(int percent) => (int)Math.Round(MostConfidence * percent / 100.0, MidpointRounding.AwayFromZero);

    public static int AgePoints(TimeSpan age) =>
        age <= TimeSpan.Zero ? MostAge : (int)Math.Round(MostAge * Math.Pow(2, -age.TotalMinutes / 30), MidpointRounding.AwayFromZero);

    /// <summary>The greatest age that still has the points.</summary>
    public static TimeSpan OldestWith(int points) => TimeSpan.FromMinutes(30 * Math.Log2(MostAge / (points - 0.5)));

    /// <param name="others">The entity's risk without the alert's own share.</param>
    public static int RiskPoints(double others) => (int)Math.Round(MostRisk * others / (others + 100), MidpointRounding.AwayFromZero);

    public static int Score(Severity severity, bool knownAsset, AssetImportance importance, int confidence, int agePoints, int riskPoints) =>
        Math.Clamp(SeverityPoints(severity) + AssetPoints(knownAsset, importance) + ConfidencePoints(confidence) + agePoints + riskPoints, 0, 100);

    public static Urgency Explain(Severity severity, bool knownAsset, AssetImportance importance, int confidence, int agePoints, int riskPoints, DateTimeOffset lastSeen, DateTimeOffset firstReceived, DateTimeOffset now)
    {
        var score = Score(severity, knownAsset, importance, confidence, agePoints, riskPoints);
        var band = Urgency.BandOf(score);
        DateTimeOffset? actBy = band switch
        {
            UrgencyBand.ActNow => firstReceived + TimeSpan.FromMinutes(10),
            UrgencyBand.ThisHour => firstReceived + TimeSpan.FromHours(1),
            _ => null,
        };
        return new Urgency(score, band, actBy,
        [
            new UrgencyPart(UrgencyFactor.Severity, severity.ToString().ToLowerInvariant(), SeverityPoints(severity), MostSeverity),
            new UrgencyPart(UrgencyFactor.Asset, knownAsset ? Words.Importance(importance).ToString() : "not in the asset list", AssetPoints(knownAsset, importance), MostAsset),
            new UrgencyPart(UrgencyFactor.Confidence, confidence.ToString(CultureInfo.InvariantCulture) + " %", ConfidencePoints(confidence), MostConfidence),
            new UrgencyPart(UrgencyFactor.Age, Words.Age(now - lastSeen).ToString(), agePoints, MostAge),
            new UrgencyPart(UrgencyFactor.Risk, riskPoints == 0 ? "nothing else" : "other alerts", riskPoints, MostRisk),
        ]);
    }
}
