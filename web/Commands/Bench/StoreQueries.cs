using System.Diagnostics;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>The questions that detectors, hunters and the console ask of a store.</summary>
internal static class StoreQueries
{
    private const int Rounds = 5;

    /// <summary>
    /// Median milliseconds of each: asked with another text or span each time, as people and windows ask; and the last one over again, which a store may
    /// answer from what it remembers.
    /// </summary>
    public static async Task<IReadOnlyList<(string Name, double Milliseconds)>> MeasureAsync(IEventStore store, DateTimeOffset end, CancellationToken cancellation)
    {
        TimeRange Day(int n) => new(end.AddDays(-1).AddMinutes(-1 - n), end.AddMinutes(1 + n));
        TimeRange Minutes(int n) => new(end.AddMinutes(-5).AddSeconds(-n), end.AddSeconds(-n));
        TimeRange Hour(int n) => new(end.AddHours(-1).AddSeconds(-n), end.AddSeconds(-n));
        var failures = EventFilter.Equal("event.outcome", "failure");
        EventQuery Newest(EventFilter filter, int n) => new() { Filter = filter, Range = Day(n), Limit = 50 };
        static FieldFilter Command(string text) => new("process.command_line", FieldTest.Contains, text);
        var answers = new List<(string, double)>();
        await Time("threshold_group_by_5min", n => store.GroupAsync(new GroupQuery(failures, Minutes(n), ["source.ip"], null, 1, 100), cancellation));
        await Time("contains_command_line_day", n => store.CountAsync(Command($"vendor{17 + n}\\powershell"), Day(n), cancellation));
        await Time("histogram_minute_day", n => store.HistogramAsync(EventFilter.All, Day(n), TimeSpan.FromMinutes(1), cancellation));
        await Time("top_20_day", n => store.TopValuesAsync(EventFilter.All, Day(n), "process.executable", 20, cancellation));
        await Time("needle_newest_50", n => store.SearchAsync(Newest(Command(SampleProcesses.Needle[n..]), n), cancellation));
        await Time("newest_50", n => store.SearchAsync(Newest(EventFilter.All, n), cancellation));
        await Time("free_text_day", n => store.CountAsync(new TextFilter($"user{417 + n} on host-{117 + n}"), Day(n), cancellation));
        await Time("distinct_ports_per_source_5min", n => store.GroupAsync(new GroupQuery(EventFilter.All, Minutes(n), ["source.ip"], "destination.port", 5, 100), cancellation));
        // Fields that a cluster does not keep ready to be counted are read from the events.
        await Time("group_by_hash_and_host_5min", n => store.GroupAsync(new GroupQuery(failures, Minutes(n), ["process.parent.entity_id", "host.name"], null, 1, 100), cancellation));
        await Time("top_20_messages_5min", n => store.TopValuesAsync(EventFilter.All, Minutes(n), "message", 20, cancellation));
        // The history of seven days holds the day of the sample: all events are looked at.
        await Time("new_terms_hour_against_7_days", n => store.NewTermsAsync(new NewTermsQuery(EventFilter.All, Hour(n), new TimeRange(Hour(n).From.AddDays(-7), Hour(n).From), ["process.parent.executable"], 1_000), cancellation));
        return answers;

        async Task Time<T>(string name, Func<int, Task<T>> ask)
        {
            await ask(0);
            answers.Add((name, await MedianAsync(n => ask(n + 1))));
            answers.Add((name + "_again", await MedianAsync(_ => ask(Rounds))));
        }

        static async Task<double> MedianAsync<T>(Func<int, Task<T>> ask)
        {
            var taken = new double[Rounds];
            for (var i = 0; i < Rounds; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await ask(i);
                taken[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            Array.Sort(taken);
            return taken[Rounds / 2];
        }
    }
}
