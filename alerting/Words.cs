using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting;

/// <summary>How grades and spans are said in sentences that are kept.</summary>
internal static class Words
{
    public static Phrase Importance(AssetImportance importance) => importance switch
    {
        AssetImportance.EspeciallyImportant => (Phrase)"especially important",
        AssetImportance.Important => "important",
        _ => "general",
    };

    public static Phrase Damage(DamageGrade damage) => damage switch
    {
        DamageGrade.EspeciallySerious => (Phrase)"especially serious",
        DamageGrade.Serious => "serious",
        DamageGrade.RelativelySerious => "relatively serious",
        _ => "general",
    };

    public static Phrase Level(WarningLevel level) => level switch
    {
        WarningLevel.Red => (Phrase)"red",
        WarningLevel.Orange => "orange",
        WarningLevel.Yellow => "yellow",
        WarningLevel.Blue => "blue",
        _ => "none",
    };

    public static Phrase Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => (Phrase)"under 1 min",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} d",
    };
}
