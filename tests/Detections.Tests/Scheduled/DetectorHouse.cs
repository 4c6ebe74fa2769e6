using Beacon.Detections.Scheduled;
using Beacon.Events;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>An event store, seeded by the test, and looks of one rule at it.</summary>
public sealed class DetectorHouse : IAsyncLifetime
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly List<SecurityEvent> _waiting = [];
    private ChosenStore? _store;
    private long _sequence;

    public FakeTimeProvider Time { get; } = new(Noon.AddHours(1));

    internal IEventStore Store => _store!.Events;

    public async ValueTask InitializeAsync() => _store = await ChosenStore.OpenAsync(Time);

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    /// <summary>An event at a time, received then unless it is said otherwise.</summary>
    public void Add(DateTimeOffset time, string fields, DateTimeOffset? received = null)
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(9, ++_sequence), Sequence = _sequence, Source = "test", Timestamp = time, Received = received ?? time };
        foreach (var pair in fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = pair.IndexOf('=', StringComparison.Ordinal);
            e.Add(pair[..equal], pair[(equal + 1)..]);
        }
        _waiting.Add(e);
    }

    /// <summary>Looks twice at a window, and answers with its detections, which are the same both times.</summary>
    internal async Task<IReadOnlyList<Detection>> LookAsync(IScheduledDetector detector, string rule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? newSince = null)
    {
        if (_waiting.Count > 0) await Store.AppendAsync(_waiting, _sequence, default);
        _waiting.Clear();
        var window = new EvaluationWindow(Read(detector, rule), new TimeRange(from, to)) { SeenUpTo = Time.GetUtcNow(), NewSince = newSince, Revision = newSince is null ? 0 : 1 };
        var first = await EvaluateAsync(detector, window);
        var second = await EvaluateAsync(detector, window);
        Assert.Equal(first.Select(static d => d.Id), second.Select(static d => d.Id));
        Assert.Equal(first.Select(static d => d.Summary), second.Select(static d => d.Summary));
        Assert.Equal(first.Count, first.Select(static d => d.Id).Distinct().Count());
        foreach (var detection in first)
            Assert.All((string[])["expected", "seen", "unlikely", "history"], fact => Assert.NotEmpty(detection.Facts[fact]));
        return first;
    }

    /// <summary>What is wrong with a rule's settings, or with its header.</summary>
    internal static IReadOnlyList<string> Faults(IScheduledDetector detector, string settings, string header = "window: 1h\ninterval: 1h") =>
        [.. new ScheduledRuleReader([detector]).Read("rule.yml", Text(detector, header, settings)).Faults.Select(static f => $"{f.Line}: {f.Message}")];

    internal static string Text(IScheduledDetector detector, string header, string settings) =>
        $"title: T\nid: 6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7b01\nlevel: medium\ndetector: {detector.Name}\n{header}\nsettings:\n{string.Join('\n', settings.Split('\n').Select(static l => "  " + l))}\n";

    private static ScheduledRule Read(IScheduledDetector detector, string rule)
    {
        var read = new ScheduledRuleReader([detector]).Read("rule.yml", rule);
        Assert.Empty(read.Faults);
        return Assert.Single(read.Rules);
    }

    private async Task<IReadOnlyList<Detection>> EvaluateAsync(IScheduledDetector detector, EvaluationWindow window)
    {
        var answers = await Store.GroupManyAsync(detector.Queries(window), default);
        return (await detector.EvaluateAsync(window, answers, default)).Detections;
    }
}
