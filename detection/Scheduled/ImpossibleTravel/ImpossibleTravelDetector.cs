using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.ImpossibleTravel;

/// <summary>The same user at two places, faster than anybody travels: one of them is somebody else.</summary>
internal sealed class ImpossibleTravelDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Pairs of user and place in one window; beyond it the window fails with that reason.</summary>
    public const int MaxPlaces = 100_000;

    /// <summary>Detections of one window.</summary>
    public const int MaxJourneys = 1_000;

    private sealed record Stop(SecurityEventId Id, DateTimeOffset Time, DateTimeOffset? Received, GeoPoint Place);

    private sealed record Journey(IReadOnlyList<string> Who, Stop From, Stop To, double Distance, double Speed);

    public string Name => "impossible-travel";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var by = settings.Fields("by", 1, 5);
        var location = settings.Text("location") ?? "source.geo.location";
        var speed = settings.Number("max-speed", 1, 100_000, 1_000);
        var distance = settings.Number("least-distance", 0, 20_000, 500);
        return settings.HasErrors ? null : new ImpossibleTravelSettings(filter, by, location, speed, distance);
    }

    /// <summary>Where everybody was before the last interval: groups of user and place know their newest event, and the store need not give all of them.</summary>
    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var settings = (ImpossibleTravelSettings)window.Rule.Settings;
        var before = new TimeRange(window.Range.From, window.Fresh.From);
        if (before.From >= before.To) return [];
        return [.. PlaceFields(settings).Select(f => new GroupQuery(settings.Filter, before, [.. settings.By, .. f], null, 1, MaxPlaces))];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (ImpossibleTravelSettings)window.Rule.Settings;
        var last = LastStops(settings, answers);
        var journeys = new List<Journey>();
        var rows = answers.Sum(static a => a.Sum(static g => g.Events));
        await foreach (var batch in store.ScanAsync(Scan(window, settings), cancellation).ConfigureAwait(false))
        {
            rows += batch.Count;
            foreach (var e in batch)
            {
                var who = settings.By.Select(f => e.GetText(f) ?? "").ToArray();
                if (who.Any(static w => w.Length == 0) || GeoPoint.Read(e, settings.Location) is not { } place) continue;
                var key = string.Join('\u001f', who);
                var stop = new Stop(e.Id, e.Timestamp, e.Received, place);
                if (last.TryGetValue(key, out var before) && Judge(settings, who, before, stop) is { } journey && await IsNewAsync(window, journey, cancellation).ConfigureAwait(false)) journeys.Add(journey);
                last[key] = stop;
            }
        }
        var detections = new List<Detection>();
        foreach (var journey in journeys.Take(MaxJourneys))
        {
            var left = await store.GetAsync(journey.From.Id, cancellation).ConfigureAwait(false);
            var arrived = await store.GetAsync(journey.To.Id, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, journey, left, arrived);
            if (journeys.Count > MaxJourneys) finding.With("truncated", $"{journeys.Count} journeys were found; only the {MaxJourneys} earliest are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, rows);
    }

    private static IReadOnlyList<string>[] PlaceFields(ImpossibleTravelSettings settings) => [[settings.Location], [settings.Location + ".lat", settings.Location + ".lon"]];

    private static Dictionary<string, Stop> LastStops(ImpossibleTravelSettings settings, IReadOnlyList<IReadOnlyList<GroupCount>> answers)
    {
        var last = new Dictionary<string, Stop>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in answers.SelectMany(static a => a))
        {
            var place = group.Key.Count == settings.By.Count + 1 ? GeoPoint.Parse(group.Key[^1]) : GeoPoint.Parse($"{group.Key[^2]},{group.Key[^1]}");
            var key = string.Join('\u001f', group.Key.Take(settings.By.Count));
            if (place is { } known && (!last.TryGetValue(key, out var other) || other.Time < group.Last)) last[key] = new Stop(group.Sample, group.Last, null, known);
        }
        if (answers.Any(static a => a.Count == MaxPlaces)) throw new InvalidOperationException($"{MaxPlaces} pairs of {string.Join(", ", settings.By)} and place or more are in the window: narrow the filter or shorten the window");
        return last;
    }

    private static EventScan Scan(EvaluationWindow window, ImpossibleTravelSettings settings)
    {
        var located = new OrFilter([new FieldFilter(settings.Location, FieldTest.Exists, ""), new FieldFilter(settings.Location + ".lat", FieldTest.Exists, "")]);
        return new EventScan(EventFilter.And(settings.Filter, located), window.Fresh, [.. settings.By, .. PlaceFields(settings).SelectMany(static f => f)]);
    }

    private static Journey? Judge(ImpossibleTravelSettings settings, IReadOnlyList<string> who, Stop from, Stop to)
    {
        var distance = from.Place.DistanceTo(to.Place);
        // Two events in the same second are no proof of any speed beyond that of the second.
        var speed = distance / Math.Max(1, (to.Time - from.Time).TotalSeconds) * 3_600;
        return distance >= settings.LeastDistance && speed > settings.MaxSpeed ? new Journey(who, from, to, distance, speed) : null;
    }

    /// <summary>At a look again only journeys of which an event came late; of the earlier event a group does not tell when it was received.</summary>
    private async Task<bool> IsNewAsync(EvaluationWindow window, Journey journey, CancellationToken cancellation)
    {
        if (window.NewSince is not { } since || journey.To.Received >= since || journey.From.Received >= since) return true;
        return journey.From.Received is null && (await store.GetAsync(journey.From.Id, cancellation).ConfigureAwait(false))?.Received >= since;
    }

    private static Finding Describe(EvaluationWindow window, ImpossibleTravelSettings settings, Journey journey, SecurityEvent? left, SecurityEvent? arrived)
    {
        var (who, from, to, distance, speed) = journey;
        var spoken = EntityFields.Spoken(settings.By, who);
        var took = to.Time - from.Time;
        var (fromLabel, toLabel) = (LabelOf(left, settings.Location), LabelOf(arrived, settings.Location));
        return new Finding(window, to.Id.ToString())
        {
            Time = to.Time, Event = arrived, Related = EntityFields.All(settings.By, who),
            Entity = EntityFields.Of(settings.By, who, arrived is null ? Entity.Of(EntityKind.Other, window.Rule.Title) : Entities.Primary(arrived)),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {spoken}, {fromLabel} and then {toLabel}, {distance:0} km in {Wording.Span(took)}"),
        }
        .Because($"at most {Wording.Number(settings.MaxSpeed)} km/h", string.Create(CultureInfo.InvariantCulture, $"{speed:0} km/h: {distance:0} km in {Wording.Span(took)}"),
            string.Create(CultureInfo.InvariantCulture, $"{speed / settings.MaxSpeed:0.#} times what is possible"), "the event before of the same user, " + Wording.Time(from.Time))
        .With(settings.By, who).With("from", $"{fromLabel} ({from.Place})").With("to", $"{toLabel} ({to.Place})").With("event before", from.Id.ToString())
        .With("distance_km", Wording.Number(Math.Round(distance))).With("speed_km_h", Wording.Number(Math.Round(speed)));
    }

    private static string LabelOf(SecurityEvent? e, string location)
    {
        var city = e?.GetText(Near(location, "city_name"));
        var country = e?.GetText(Near(location, "country_iso_code"));
        var named = string.Join(", ", new[] { city, country }.Where(static t => t is { Length: > 0 }));
        return named.Length > 0 ? named : e?.GetText("source.ip") ?? "a place without name";
    }

    /// <summary>The field beside the location: "source.geo.location" gives "source.geo.city_name".</summary>
    private static string Near(string location, string name) => location.LastIndexOf('.') is var dot and > 0 ? location[..(dot + 1)] + name : name;
}
