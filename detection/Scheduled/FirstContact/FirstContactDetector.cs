using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.FirstContact;

/// <summary>A machine of one zone reaches a machine of another for the first time: from the offices into the plant, where the same few pairs talk for years.</summary>
internal sealed class FirstContactDetector(IEventStore store, IAssetDirectory assets, TimeProvider time) : IScheduledDetector
{
    /// <summary>Detections of one window; the earliest are kept and the fact is told.</summary>
    public const int MaxContacts = 500;

    /// <summary>Networks, and addresses of assets, of one side; a store takes 1,000 conditions in one question. A zone with more is written as fewer networks.</summary>
    public const int MaxAddresses = 400;

    public string Name => "first-contact";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var zones = settings.Each("zones", 0, 100, ReadZone);
        var from = Zones(settings, "from", zones);
        var to = Zones(settings, "to", zones);
        if (from.Select(static z => z.Name).Intersect(to.Select(static z => z.Name), StringComparer.OrdinalIgnoreCase).Any()) settings.Fault("to", "a zone stands in both 'from' and 'to'");
        var port = settings.Text("port");
        if (port is not (null or "true" or "false")) settings.Fault("port", "'port' is true or false");
        var history = settings.Span("history", History.Least, History.Most, TimeSpan.FromDays(30));
        var learning = settings.Span("learning", TimeSpan.Zero, history, history < TimeSpan.FromDays(1) ? history : TimeSpan.FromDays(1));
        return settings.HasErrors ? null : new FirstContactSettings(filter, from, to, port == "true", history, learning);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (FirstContactSettings)window.Rule.Settings;
        if (Within("source.ip", settings.From) is not { } from || Within("destination.ip", settings.To) is not { } to) return new EvaluationResult([], 0);
        var filter = EventFilter.And(settings.Filter, from, to);
        // Mostly nobody crosses the zones in an interval, and the history need not be read.
        if (await store.CountAsync(window.New(filter), window.Fresh, cancellation).ConfigureAwait(false) == 0) return new EvaluationResult([], 0);
        var history = History.Before(window, settings.History);
        var contacts = await store.NewTermsAsync(new NewTermsQuery(filter, window.Fresh, history, settings.Fields, MaxContacts), cancellation).ConfigureAwait(false);
        // A plant may be silent for days, so what counts as a past are connections of any zone.
        if (contacts.Count == 0 || !await History.ReachesAsync(store, settings.Filter, history, settings.Learning, cancellation).ConfigureAwait(false)) return new EvaluationResult([], contacts.Count);
        var before = await store.CountAsync(filter, history, cancellation).ConfigureAwait(false);
        var detections = new List<Detection>(contacts.Count);
        foreach (var contact in contacts)
        {
            var sample = await store.GetAsync(contact.Sample, cancellation).ConfigureAwait(false);
            var finding = Describe(window, settings, contact, sample, history, before);
            if (contacts.Count == MaxContacts) finding.With("truncated", $"only the {MaxContacts} earliest are shown");
            detections.Add(finding.ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, contacts.Sum(static c => c.Events));
    }

    private static NetworkZone ReadZone(SettingsReader zone)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in zone.Texts("networks"))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else zone.Fault("networks", "a network is written as 10.20.0.0/16");
        }
        var name = zone.Text("name") ?? "";
        if (name.Length == 0) zone.Fault("name", "a zone has a name");
        return new NetworkZone(name, networks);
    }

    /// <summary>The zones that a setting names, '*' and '?' allowed; those that are not described are known by the assets alone.</summary>
    private static List<NetworkZone> Zones(SettingsReader settings, string name, IReadOnlyList<NetworkZone> zones)
    {
        var named = settings.Texts(name);
        if (named.Count == 0) settings.Fault(name, $"'{name}' names one zone or more");
        return [.. named.Select(n => new NetworkZone(n, [.. zones.Where(z => Is(n, z.Name)).SelectMany(static z => z.Networks)]))];
    }

    /// <summary>Addresses of the zones; null where there is none.</summary>
    private OrFilter? Within(string field, IReadOnlyList<NetworkZone> zones)
    {
        var networks = zones.SelectMany(static z => z.Networks).Select(static n => n.ToString());
        var addresses = assets.All.Where(a => zones.Any(z => Is(z.Name, a.Zone)))
            .SelectMany(static a => a.Names).Where(static n => IPAddress.TryParse(n, out _)).Distinct().ToList();
        List<EventFilter> tests = [.. networks.Select(n => new FieldFilter(field, FieldTest.Cidr, n)), .. addresses.Select(a => EventFilter.Equal(field, a))];
        if (tests.Count > MaxAddresses)
            throw new InvalidOperationException($"{string.Join(", ", zones.Select(static z => z.Name))}: {tests.Count} networks and addresses of assets, more than {MaxAddresses}: write the zones as fewer networks");
        return tests.Count == 0 ? null : new OrFilter(tests);
    }

    private static bool Is(string pattern, string zone) => zone.Length > 0 && FileSystemName.MatchesSimpleExpression(pattern, zone);

    private static Finding Describe(EvaluationWindow window, FirstContactSettings settings, NewTerm contact, SecurityEvent? sample, TimeRange history, long before)
    {
        var (source, destination) = (contact.Values[0], contact.Values[1]);
        var target = settings.Port ? $"{destination} port {contact.Values[2]}" : destination;
        var (from, to) = (string.Join(" or ", settings.From.Select(static z => z.Name)), string.Join(" or ", settings.To.Select(static z => z.Name)));
        return new Finding(window, [.. contact.Values, Wording.Time(window.Fresh.From)])
        {
            Time = contact.First, Event = sample, Entity = Entity.Of(EntityKind.Address, destination), Related = [Entity.Of(EntityKind.Address, source)],
            Summary = $"{window.Rule.Title}: {source} ({from}) reached {target} ({to}) for the first time in {Wording.Span(settings.History)}",
        }
        .Because("only pairs that talked before", string.Create(CultureInfo.InvariantCulture, $"{source} to {target}, {contact.Events} times"), "at most " + Wording.OnceIn(before + 1.0) + " connections between these zones",
            string.Create(CultureInfo.InvariantCulture, $"{before} connections from {from} to {to} in the {History.Spoken(history)}"))
        .With(settings.Fields, contact.Values).With("from", from).With("to", to).With("first", Wording.Time(contact.First));
    }
}
