using System.Globalization;
using System.IO.Enumeration;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.SilentSource;

/// <summary>A source that sent regularly sends no more. One detection a silence: it falls into the window in which the silence grows too long.</summary>
internal sealed class SilentSourceDetector(ISourceActivity activity, TimeProvider time) : IScheduledDetector
{
    // While this process did not run nobody could hear a source, so its silence starts here at the earliest.
    private readonly DateTimeOffset _listening = time.GetUtcNow();

    public string Name => "silent-source";

    public bool LooksBack => false;

    public object? ReadSettings(SettingsReader settings)
    {
        var factor = settings.Number("factor", 1, 1_000, 4);
        var atLeast = settings.Span("at-least", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), TimeSpan.FromMinutes(2));
        var sources = settings.Texts("sources");
        return settings.HasErrors ? null : new SilentSourceSettings(factor, atLeast, sources);
    }

    public Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (SilentSourceSettings)window.Rule.Settings;
        var detections = new List<Detection>();
        var watched = 0;
        foreach (var source in activity.Sources)
        {
            if (source is not { LastReceived: { } last, ExpectedInterval: { } expected } || !Concerns(settings, source)) continue;
            watched++;
            var allowed = TimeSpan.FromTicks((long)Math.Min(TimeSpan.FromDays(366).Ticks, Math.Max(settings.AtLeast.Ticks, expected.Ticks * settings.Factor)));
            var noticed = (last > _listening ? last : _listening) + allowed;
            // What was announced is no silence before its end; one that outlasts it is.
            var announced = source.SilenceExpectedUntil > noticed ? source.SilenceExpectedUntil : null;
            noticed = announced ?? noticed;
            if (!window.Range.Contains(noticed)) continue;
            detections.Add(Describe(window, source, last, expected, noticed, announced));
        }
        return Task.FromResult(new EvaluationResult(detections, watched));
    }

    private static bool Concerns(SilentSourceSettings settings, SourceActivity source) =>
        settings.Sources.Count == 0 || settings.Sources.Any(p => FileSystemName.MatchesSimpleExpression(p, source.Id) || FileSystemName.MatchesSimpleExpression(p, source.Name));

    private Detection Describe(EvaluationWindow window, SourceActivity source, DateTimeOffset last, TimeSpan expected, DateTimeOffset noticed, DateTimeOffset? announced)
    {
        var rule = window.Rule;
        var seconds = expected.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        // The last frame names the silence: a second look at it changes nothing. One that outlasts its announcement is another, even where an alert told of it before.
        string[] named = [rule.Id, source.Id, last.UtcTicks.ToString(CultureInfo.InvariantCulture), .. announced is { } end ? [end.UtcTicks.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()];
        return new Detection
        {
            Id = DetectionIds.Of(named),
            RuleId = rule.Id, RuleTitle = rule.Title, RuleDescription = rule.Description, RuleKind = Name, Severity = rule.Level, Tags = rule.Tags,
            FalsePositives = rule.FalsePositives, Time = noticed, Received = time.GetUtcNow(), Entity = Entity.Of(EntityKind.Source, source.Id),
            Facts = new Dictionary<string, string>
            {
                ["source"] = source.Id, ["name"] = source.Name, ["last"] = last.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["expected_interval_seconds"] = seconds, ["received"] = source.Received.ToString(CultureInfo.InvariantCulture),
            },
            Summary = string.Create(CultureInfo.InvariantCulture, $"{source.Name} has sent nothing since {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; a frame every {seconds} s was usual"),
        };
    }
}
