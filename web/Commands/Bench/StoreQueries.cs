using System.Diagnostics;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>The questions that detectors, hunters and the console ask of a store.</summary>
internal static class StoreQueries
{
    private const int Rounds = 5;

    /// <summary>Median milliseconds of each.</summary>
    public static async Task<IReadOnlyList<(string Name, double Milliseconds)>> MeasureAsync(IEventStore store, DateTimeOffset end, CancellationToken cancellation)
    {
        var day = new TimeRange(end.AddDays(-1).AddMinutes(-1), end.AddMinutes(1));
        var failures = EventFilter.Equal("event.outcome", "failure");
        var answers = new List<(string, double)>();
        await Time("threshold_group_by_5min", () => store.GroupAsync(new GroupQuery(failures, new TimeRange(end.AddMinutes(-5), end), ["source.ip"], null, 1, 100), cancellation));
        await Time("contains_command_line_day", () => store.CountAsync(new FieldFilter("process.command_line", FieldTest.Contains, "vendor17\\powershell"), day, cancellation));
        await Time("histogram_minute_day", () => store.HistogramAsync(EventFilter.All, day, TimeSpan.FromMinutes(1), cancellation));
        await Time("top_20_day", () => store.TopValuesAsync(EventFilter.All, day, "process.executable", 20, cancellation));
        await Time("needle_newest_50", () => store.SearchAsync(new EventQuery { Filter = new FieldFilter("process.command_line", FieldTest.Contains, SampleEvents.Needle), Range = day, Limit = 50 }, cancellation));
        await Time("newest_50", () => store.SearchAsync(new EventQuery { Range = day, Limit = 50 }, cancellation));
        await Time("free_text_day", () => store.CountAsync(new TextFilter("user417 on host-117"), day, cancellation));
        await Time("distinct_ports_per_source_5min", () => store.GroupAsync(new GroupQuery(EventFilter.All, new TimeRange(end.AddMinutes(-5), end), ["source.ip"], "destination.port", 5, 100), cancellation));
        // The history of seven days holds the day of the sample: all events are looked at.
        await Time("new_terms_hour_against_7_days", () => store.NewTermsAsync(new NewTermsQuery(EventFilter.All, new TimeRange(end.AddHours(-1), end), new TimeRange(end.AddHours(-1).AddDays(-7), end.AddHours(-1)), ["process.parent.executable"], 1_000), cancellation));
        return answers;

        async Task Time<T>(string name, Func<Task<T>> ask)
        {
            await ask();
            var taken = new double[Rounds];
            for (var i = 0; i < Rounds; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await ask();
                taken[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            Array.Sort(taken);
            answers.Add((name, taken[Rounds / 2]));
        }
    }
}
