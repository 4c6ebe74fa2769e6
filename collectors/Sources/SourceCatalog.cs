using System.Text;
using Beacon.Collectors.Parsers;
using Beacon.Events;

namespace Beacon.Collectors.Sources;

/// <summary>The configured sources in memory, swapped whole when one changes.</summary>
internal sealed class SourceCatalog(ParserCatalog parsers, IStateDatabase state, CollectorsOptions options)
{
    /// <summary>Names of sources that are gone but whose frames are still in the spool; beyond it they share one profile's text.</summary>
    private const int MaxForgotten = 1_000;

    private sealed record Snapshot(IReadOnlyList<SourceDefinition> All, Dictionary<string, SourceProfile> Profiles);

    private volatile Snapshot _current = new([], new Dictionary<string, SourceProfile>(StringComparer.Ordinal));
    private readonly Dictionary<string, SourceProfile> _forgotten = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    public IReadOnlyList<SourceDefinition> All => _current.All;

    public SourceDefinition? Find(string id) => _current.All.FirstOrDefault(s => s.Id == id);

    public async Task LoadAsync(CancellationToken cancellation) =>
        Set(await state.ReadAsync(db => db.Query(
            "SELECT id, name, kind, settings, format, organisation, time_zone, enabled FROM collector_sources ORDER BY created, id",
            r => new SourceDefinition(r.GetString(0), r.GetString(1), r.GetString(2), SourceDefinition.ParseSettings(r.GetString(3)), r.GetString(4), r.GetString(5), r.GetString(6), r.GetInt32(7) != 0)),
            cancellation).ConfigureAwait(false));

    public void Set(IReadOnlyList<SourceDefinition> all) =>
        _current = new Snapshot(all, all.ToDictionary(s => s.Id, Profile, StringComparer.Ordinal));

    public SourceProfile Profile(SourceDefinition source)
    {
        parsers.TryFind(source.Format, out var parser);
        var zone = source.TimeZone.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(source.TimeZone, out var own) ? own : _zone;
        var isLocal = source.Kind is Receivers.Tail.FileReceiver.KindName;
        return new SourceProfile(source.Id, parser, zone, source.Organisation,
            PeerIsHost: source.Kind.StartsWith("syslog", StringComparison.Ordinal), isLocal ? Environment.MachineName : "");
    }

    /// <summary>The profile of the source named in a spool record. One of a removed source is recognised frame by frame.</summary>
    public SourceProfile ProfileOf(ReadOnlySpan<byte> id)
    {
        Span<char> name = stackalloc char[Spool.SpoolFormat.MaxSourceBytes];
        if (id.Length > name.Length || !Encoding.UTF8.TryGetChars(id, name, out var n)) return Forgotten("");
        var lookup = _current.Profiles.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(name[..n], out var profile) ? profile : Forgotten(name[..n]);
    }

    private SourceProfile Forgotten(ReadOnlySpan<char> id)
    {
        lock (_gate)
        {
            if (_forgotten.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var profile)) return profile;
            profile = new SourceProfile(id.ToString(), null, _zone, "", false, "");
            if (_forgotten.Count < MaxForgotten) _forgotten[profile.Id] = profile;
            return profile;
        }
    }
}
