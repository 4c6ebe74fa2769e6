using System.Globalization;
using System.Data.Common;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks;

/// <summary>Playbooks of the configured directories; the compiled set is swapped whole.</summary>
internal sealed partial class PlaybookLibrary : IPlaybookLibrary, IPlaybookValidator
{
    /// <summary>Files read; the rest is named as refused.</summary>
    public const int MaxFiles = 1_000;

    /// <param name="Views">What is told of it in each language but its own, made once.</param>
    private sealed record Entry(Playbook Playbook, PlaybookInfo Info, string Json, PlaybookGraph Graph, IReadOnlyDictionary<string, (PlaybookInfo Info, PlaybookGraph Graph)> Views)
    {
        public static Entry Of(Playbook playbook, string file, int version, string json) => new(playbook, InfoOf(playbook, file, version), json, PlaybookGraphs.Of(playbook), playbook.Languages.ToDictionary(l => l.Key, l =>
        {
            var spoken = PlaybookInLanguage.Spoken(playbook, l.Value);
            return (InfoOf(spoken, file, version), PlaybookGraphs.Of(spoken));
        }));

        public (PlaybookInfo Info, PlaybookGraph Graph) Seen => PlaybookInLanguage.LanguageOf(Playbook, CultureInfo.CurrentUICulture) is { } language ? Views[language] : (Info, Graph);
    }

    private sealed record Imported(int Version, string Json, Entry? Entry, IReadOnlyList<PlaybookFault> Faults);
    private sealed record Shelf(IReadOnlyDictionary<string, Entry> ById, IReadOnlyList<PlaybookFileFaults> Refused);

    private readonly IOptions<AlertingOptions> _options;
    private readonly PlaybookActions _actions;
    private readonly IPlaybookSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger<PlaybookLibrary> _log;
    private readonly Lock _lock = new();
    private Dictionary<string, Imported> _imported = [];
    private Shelf _files;
    private volatile Shelf _shelf;

    public PlaybookLibrary(IOptions<AlertingOptions> options, PlaybookActions actions, IPlaybookSecrets secrets, TimeProvider time, ILogger<PlaybookLibrary> log)
    {
        (_options, _actions, _secrets, _time, _log) = (options, actions, secrets, time, log);
        _shelf = _files = Load();
    }

    public IReadOnlyList<PlaybookInfo> All => [.. _shelf.ById.Values.Select(e => e.Seen.Info).OrderBy(i => i.Name, StringComparer.Ordinal)];
    public IReadOnlyList<PlaybookFileFaults> Refused => _shelf.Refused;
    public PlaybookInfo? Find(string id) => _shelf.ById.GetValueOrDefault(id)?.Seen.Info;
    public PlaybookGraph? Graph(string id) => _shelf.ById.GetValueOrDefault(id)?.Seen.Graph;

    /// <summary>As it would be run now.</summary>
    internal Playbook? Read(string id) => _shelf.ById.GetValueOrDefault(id)?.Playbook;

    public void Reload()
    {
        var files = Load();
        lock (_lock)
        {
            _files = files;
            _shelf = Merge();
        }
    }

    /// <summary>The library's own file, whatever stands over it.</summary>
    internal string? FileOf(string id)
    {
        lock (_lock) return _files.ById.GetValueOrDefault(id)?.Json;
    }

    /// <summary>Sets which imported documents stand over the files.</summary>
    internal void Stand(IReadOnlyList<(string Id, int Version, string Json)> documents)
    {
        lock (_lock)
        {
            _imported = documents.ToDictionary(d => d.Id, d => _imported.TryGetValue(d.Id, out var known) && known.Version == d.Version ? known : Take(d.Version, d.Json));
            _shelf = Merge();
        }
    }

    private Imported Take(int version, string json)
    {
        var (playbook, faults) = PlaybookReader.Read(System.Text.Encoding.UTF8.GetBytes(json), _time.GetUtcNow(), _actions, _secrets);
        return new Imported(version, json, playbook is null ? null : Entry.Of(playbook, "", version, json), faults);
    }

    private Shelf Merge()
    {
        var byId = _files.ById.Where(f => !_imported.ContainsKey(f.Key)).ToDictionary();
        foreach (var (id, imported) in _imported) if (imported.Entry is not null) byId[id] = imported.Entry;
        var refused = _files.Refused.Concat(_imported.Where(i => i.Value.Entry is null).Select(i => new PlaybookFileFaults(i.Key, i.Value.Faults)));
        return new Shelf(byId, [.. refused]);
    }

    public IReadOnlyList<PlaybookFault> Check(ReadOnlyMemory<byte> json) => PlaybookReader.Read(json, _time.GetUtcNow(), _actions, _secrets).Faults;

    /// <summary>As of this transaction, so that what another node imported a moment ago is what runs; null where nothing of that id can be run.</summary>
    internal (Playbook Playbook, string Json)? Open(DbTransaction transaction, string id)
    {
        var newest = transaction.Query("SELECT version, withdrawn FROM alerting_playbooks WHERE id = @p0 ORDER BY version DESC LIMIT 1", r => (Version: r.GetInt32(0), Withdrawn: r.GetInt32(1) != 0), id);
        Entry? entry;
        lock (_lock)
        {
            if (newest is not [{ Withdrawn: false } standing]) entry = _files.ById.GetValueOrDefault(id);
            else if (_imported.TryGetValue(id, out var known) && known.Version == standing.Version) entry = known.Entry;
            else entry = Take(standing.Version, transaction.Scalar<string>("SELECT document FROM alerting_playbooks WHERE id = @p0 AND version = @p1", id, standing.Version)!).Entry;
        }
        return entry is null ? null : (entry.Playbook, entry.Json);
    }

    public IReadOnlyList<PlaybookOffer> Offer(PlaybookNeed need)
    {
        var offers = new List<PlaybookOffer>();
        foreach (var info in All)
        {
            var score = 0;
            var why = new List<string>();
            foreach (var rule in need.RuleIds.Where(r => info.Labels.Contains("rule:" + r, StringComparer.OrdinalIgnoreCase)).Take(3))
            {
                score += 100;
                why.Add("made for rule " + rule);
            }
            var exact = need.Techniques.Where(t => info.Techniques.Contains(t, StringComparer.OrdinalIgnoreCase)).Distinct().ToList();
            var family = need.Techniques.Except(exact).Where(t => info.Techniques.Any(p => Attack.ParentOf(p).Equals(Attack.ParentOf(t), StringComparison.OrdinalIgnoreCase))).Distinct().ToList();
            score += 20 * Math.Min(exact.Count, 5) + 8 * Math.Min(family.Count, 5);
            if (info.Labels.Contains("category:" + need.Category, StringComparer.OrdinalIgnoreCase))
            {
                // A category alone is broad, and so are relatives of a technique: without the technique itself it only breaks ties.
                score += exact.Count > 0 ? 60 : 10;
                why.Add("category " + need.Category);
            }
            if (exact.Count + family.Count > 0) why.Add("answers " + string.Join(", ", exact.Concat(family).Take(5)));
            if (score > 0) offers.Add(new PlaybookOffer(info, score, string.Join("; ", why)));
        }
        return [.. offers.OrderByDescending(o => o.Score).ThenBy(o => o.Playbook.Priority == 0 ? 101 : o.Playbook.Priority).ThenBy(o => o.Playbook.Name, StringComparer.Ordinal).Take(10)];
    }

    private Shelf Load()
    {
        var byId = new Dictionary<string, Entry>();
        var refused = new List<PlaybookFileFaults>();
        var files = _options.Value.PlaybookDirectories.Where(Directory.Exists).SelectMany(d => Directory.EnumerateFiles(d, "*.json").Order(StringComparer.Ordinal)).ToList();
        foreach (var file in files.Skip(MaxFiles)) refused.Add(new PlaybookFileFaults(Path.GetFileName(file), [new PlaybookFault(PlaybookFaults.Unreadable, "$", $"at most {MaxFiles} files are read")]));
        foreach (var file in files.Take(MaxFiles))
        {
            var name = Path.GetFileName(file);
            try
            {
                if (new FileInfo(file).Length > PlaybookReader.MaxBytes)
                {
                    refused.Add(new PlaybookFileFaults(name, [new PlaybookFault(PlaybookFaults.Unreadable, "$", $"a playbook has at most {PlaybookReader.MaxBytes} bytes")]));
                    continue;
                }
                var json = File.ReadAllBytes(file);
                var (playbook, faults) = PlaybookReader.Read(json, _time.GetUtcNow(), _actions, _secrets);
                if (faults.FirstOrDefault(f => f.Code == PlaybookFaults.SecretInDocument) is { } written) LogSecret(_log, name, written.Path);
                if (playbook is null) refused.Add(new PlaybookFileFaults(name, faults));
                else byId[playbook.Id] = Entry.Of(playbook, name, 0, System.Text.Encoding.UTF8.GetString(json));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                refused.Add(new PlaybookFileFaults(name, [new PlaybookFault(PlaybookFaults.Unreadable, "$", Phrase.Plain(error.Message))]));
            }
        }
        foreach (var file in refused) LogRefused(_log, file.File, file.Faults.Count, file.Faults[0].Path, file.Faults[0].Message.ToString());
        return new Shelf(byId, refused);
    }

    private static PlaybookInfo InfoOf(Playbook p, string file, int version) => new(
        p.Id, p.Name, p.Description, p.Modified, file, p.Steps.Values.Count(s => s.Type is not (StepTypes.Start or StepTypes.End)), p.Priority, p.Techniques, p.Labels, version);

    [LoggerMessage(3301, LogLevel.Warning, "playbook {File} is refused with {Count} faults, the first at {Path}: {Message}")]
    private static partial void LogRefused(ILogger logger, string file, int count, string path, string message);

    [LoggerMessage(3311, LogLevel.Warning, "playbook {File} has a secret written into it at {Path}: put it into the vault")]
    private static partial void LogSecret(ILogger logger, string file, string path);
}
