namespace Beacon.Collectors.Sources;

/// <summary>Somebody said that a source sends nothing for a while, and why: maintenance, a plant that stands still.</summary>
/// <param name="Until">Kept when it is over, since a silence counts from then on.</param>
/// <param name="By">Who said so.</param>
public sealed record ExpectedSilence(string Source, DateTimeOffset Until, string Reason, string By, DateTimeOffset At)
{
    /// <summary>Longest reason, UTF-16 units.</summary>
    public const int MaxReason = 500;

    /// <summary>Furthest end from now: what is silent for longer is switched off.</summary>
    public static readonly TimeSpan MaxSpan = TimeSpan.FromDays(90);
}
