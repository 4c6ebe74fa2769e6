using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.ImpossibleTravel;

/// <summary>The same user at two places, faster than anybody travels: one of them is somebody else.</summary>
internal sealed class ImpossibleTravelDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Users followed in one window; beyond it the window fails with that reason.</summary>
    public const int MaxUsers = 500_000;

    /// <summary>Detections of one window.</summary>
    public const int MaxJourneys = 1_000;

    private sealed record Stop(SecurityEventId Id, DateTimeOffset Time, DateTimeOffset Received, GeoPoint Place, string Label);

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

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (ImpossibleTravelSettings)window.Rule.Settings;
        var last = new Dictionary<string, Stop>(StringComparer.OrdinalIgnoreCase);
        var journeys = new List<Journey>();
        var rows = 0L;
        var found = 0;
        await foreach (var batch in store.ScanAsync(Scan(window, settings), cancellation).ConfigureAwait(false))
        {
            rows += batch.Count;
            foreach (var e in batch)
            {
                var who = settings.By.Select(f => e.GetText(f) ?? "").ToArray();
                if (who.Any(static w => w.Length == 0) || GeoPoint.Read(e, settings.Location) is not { } place) continue;
                var key = string.Join('\u001f', who);
                var stop = new Stop(e.Id, e.Timestamp, e.Received, place, LabelOf(e, settings.Location));
                if (last.TryGetValue(key, out var before) && Judge(window, settings, who, before, stop) is { } journey && ++found <= MaxJourneys) journeys.Add(journey);
                if (before is null && last.Count == MaxUsers) throw new InvalidOperationException($"more than {MaxUsers} different values of {string.Join(", ", settings.By)}: narrow the filter");
                last[key] = stop;
            }
        }
        var detections = new List<Detection>(journeys.Count);
        foreach (var journey in journeys)
        {
            var arrived = await store.GetAsync(journey.To.Id, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, journey, arrived);
            if (found > MaxJourneys) finding.With("truncated", $"{found} journeys were found; only the {MaxJourneys} earliest are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, rows);
    }

    private static EventScan Scan(EvaluationWindow window, ImpossibleTravelSettings settings)
    {
        var located = new OrFilter([new FieldFilter(settings.Location, FieldTest.Exists, ""), new FieldFilter(settings.Location + ".lat", FieldTest.Exists, "")]);
        return new EventScan(EventFilter.And(settings.Filter, located), window.Range,
            [.. settings.By, settings.Location, settings.Location + ".lat", settings.Location + ".lon", Near(settings.Location, "city_name"), Near(settings.Location, "country_iso_code"), "source.ip"]);
    }

    private static Journey? Judge(EvaluationWindow window, ImpossibleTravelSettings settings, IReadOnlyList<string> who, Stop from, Stop to)
    {
        if (!window.Fresh.Contains(to.Time) || (window.NewSince is { } since && from.Received < since && to.Received < since)) return null;
        var distance = from.Place.DistanceTo(to.Place);
        // Two events in the same second are no proof of any speed beyond that of the second.
        var speed = distance / Math.Max(1, (to.Time - from.Time).TotalSeconds) * 3_600;
        return distance >= settings.LeastDistance && speed > settings.MaxSpeed ? new Journey(who, from, to, distance, speed) : null;
    }

    private static Finding Describe(EvaluationWindow window, ImpossibleTravelSettings settings, Journey journey, SecurityEvent? arrived)
    {
        var (who, from, to, distance, speed) = journey;
        var spoken = EntityFields.Spoken(settings.By, who);
        var took = to.Time - from.Time;
        return new Finding(window, to.Id.ToString())
        {
            Time = to.Time, Event = arrived, Related = EntityFields.All(settings.By, who),
            Entity = EntityFields.Of(settings.By, who, arrived is null ? Entity.Of(EntityKind.Other, window.Rule.Title) : Entities.Primary(arrived)),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {spoken}, {from.Label} and then {to.Label}, {distance:0} km in {Wording.Span(took)}"),
        }
        .Because($"at most {Wording.Number(settings.MaxSpeed)} km/h", string.Create(CultureInfo.InvariantCulture, $"{speed:0} km/h: {distance:0} km in {Wording.Span(took)}"),
            string.Create(CultureInfo.InvariantCulture, $"{speed / settings.MaxSpeed:0.#} times what is possible"), "the event before of the same user, " + Wording.Time(from.Time))
        .With(settings.By, who).With("from", $"{from.Label} ({from.Place})").With("to", $"{to.Label} ({to.Place})").With("event before", from.Id.ToString())
        .With("distance_km", Wording.Number(Math.Round(distance))).With("speed_km_h", Wording.Number(Math.Round(speed)));
    }

    private static string LabelOf(SecurityEvent e, string location)
    {
        var city = e.GetText(Near(location, "city_name"));
        var country = e.GetText(Near(location, "country_iso_code"));
        var named = string.Join(", ", new[] { city, country }.Where(static t => t is { Length: > 0 }));
        return named.Length > 0 ? named : e.GetText("source.ip") ?? "a place without name";
    }

    /// <summary>The field beside the location: "source.geo.location" gives "source.geo.city_name".</summary>
    private static string Near(string location, string name) => location.LastIndexOf('.') is var dot and > 0 ? location[..(dot + 1)] + name : name;
}
