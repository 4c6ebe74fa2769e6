using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>Why a source may be silent. Its words are WhyX and CheckX.</summary>
public enum SilenceReason
{
    /// <summary>It is switched off.</summary>
    Off,
    /// <summary>Its receiver fails.</summary>
    Fails,
    /// <summary>It never sent anything.</summary>
    Never,
    /// <summary>Its sender has closed the connection.</summary>
    Closed,
    /// <summary>It grew fewer before it stopped.</summary>
    Thinned,
    /// <summary>It stopped at its usual pace.</summary>
    AtOnce,
    /// <summary>Its clock is far from ours: what it sends stands at another time.</summary>
    Clock,
    /// <summary>No other source is heard either.</summary>
    Nobody,
    /// <summary>Others are heard.</summary>
    Others,
}

/// <param name="Since">The last line; null where there was none.</param>
/// <param name="UsualPerHour">Mean of the same hour over the days before; null while no day before is known.</param>
/// <param name="Reasons">The likeliest first.</param>
public sealed record Silence(DateTimeOffset? Since, double? UsualPerHour, IReadOnlyList<SilenceReason> Reasons);

/// <summary>Reads what is known of a source for why it is silent.</summary>
public static class SilenceReading
{
    /// <summary>A clock that is further off misplaces events by more than rules look back.</summary>
    public static readonly TimeSpan ClockLimit = TimeSpan.FromMinutes(5);

    private const int Ending = 10, Before = 60;

    /// <param name="hours">The last eight days, by hour.</param>
    /// <param name="minutes">The minutes around its last line, at least an hour and ten of them.</param>
    /// <param name="clockOff">Its newest event's own time against its receipt; null where there is none.</param>
    public static Silence Of(SourceActivity activity, SourceStatus? status, IReadOnlyList<SourceActivity> all, IReadOnlyList<LedgerRow> hours, IReadOnlyList<LedgerRow> minutes, TimeSpan? clockOff, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var reasons = new List<SilenceReason>();
        if (status?.State == SourceState.Disabled) reasons.Add(SilenceReason.Off);
        if (status?.State == SourceState.Failing) reasons.Add(SilenceReason.Fails);
        if (activity.LastReceived is not { } last) reasons.Add(SilenceReason.Never);
        else
        {
            if (status is { State: SourceState.Running, Definition.Kind: "syslog-tcp", Connections: 0 }) reasons.Add(SilenceReason.Closed);
            reasons.Add(Thinned(minutes, last) ? SilenceReason.Thinned : SilenceReason.AtOnce);
            if (clockOff is { } off && off.Duration() > ClockLimit) reasons.Add(SilenceReason.Clock);
        }
        var others = all.Where(s => s.Id != activity.Id && s.LastReceived is not null).ToList();
        if (others.Count > 0) reasons.Add(others.Any(s => s.ExpectedInterval is not null && !SourceHealth.IsSilent(s, now)) ? SilenceReason.Others : SilenceReason.Nobody);
        return new Silence(activity.LastReceived, Usual(hours, activity.FirstReceived, now), reasons);
    }

    /// <summary>Mean of an hour of the day over the days before it; null while no day before is known.</summary>
    public static double? Usual(IReadOnlyList<LedgerRow> hours, DateTimeOffset? first, DateTimeOffset hour)
    {
        var days = 0;
        var sum = 0L;
        for (var day = 1; day <= 7; day++)
        {
            var at = Hour(hour.AddDays(-day));
            if (first is null || at < Hour(first.Value)) break;
            days++;
            sum += hours.FirstOrDefault(h => h.Minute == at)?.Counts.Received ?? 0;
        }
        return days == 0 ? null : sum / (double)days;
    }

    public static DateTimeOffset Hour(DateTimeOffset time) => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);

    // Its last ten minutes against the hour before them.
    private static bool Thinned(IReadOnlyList<LedgerRow> minutes, DateTimeOffset last)
    {
        var ending = minutes.Where(m => m.Minute > last.AddMinutes(-Ending) && m.Minute <= last).Sum(m => m.Counts.Received) / (double)Ending;
        var before = minutes.Where(m => m.Minute > last.AddMinutes(-Ending - Before) && m.Minute <= last.AddMinutes(-Ending)).Sum(m => m.Counts.Received) / (double)Before;
        return before > 0 && ending < before / 2;
    }
}
