using System.Globalization;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Drills;

/// <param name="Title">In the language of the current UI culture where the drill has it.</param>
/// <param name="PlaybookName">Null where the playbook is not at hand.</param>
public sealed record DrillInfo(string Name, string Title, string PlaybookId, string? PlaybookName, int Lines, string Level, string File);

/// <summary>Drills of the folders of playbooks: their files "drills/*.drill.json".</summary>
public interface IDrillLibrary
{
    IReadOnlyList<DrillInfo> All { get; }

    /// <summary>Files that were refused, by name, with their faults.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Refused { get; }

    Drill? Find(string name);
}

/// <summary>Reads the files at each asking: they are few and rarely asked for.</summary>
internal sealed class DrillLibrary(IOptions<AlertingOptions> options, IPlaybookLibrary playbooks) : IDrillLibrary
{
    private const int MaxFiles = 1_000;

    public IReadOnlyList<DrillInfo> All => [.. Read().Where(r => r.Drill is not null).DistinctBy(r => r.Name).Select(r => InfoOf(r.Drill!, r.File)).OrderBy(i => i.Name, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Refused => Read().Where(r => r.Drill is null).DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => r.Faults);

    public Drill? Find(string name) => Read().FirstOrDefault(r => r.Name == name && r.Drill is not null).Drill;

    private DrillInfo InfoOf(Drill drill, string file)
    {
        string? title = null;
        for (var culture = CultureInfo.CurrentUICulture; title is null && culture.Name.Length > 0; culture = culture.Parent) title = drill.Titles.GetValueOrDefault(culture.Name);
        return new DrillInfo(drill.Name, title ?? drill.Title, drill.Playbook, playbooks.Find(drill.Playbook)?.Name, drill.Events.Sum(e => e.Times), drill.Expect.Level.ToString(), file);
    }

    /// <summary>Later folders first, as a later playbook replaces an earlier one.</summary>
    private IEnumerable<(string Name, string File, Drill? Drill, IReadOnlyList<string> Faults)> Read()
    {
        var folders = options.Value.PlaybookDirectories.Reverse().Select(d => Path.Combine(d, "drills")).Where(Directory.Exists);
        foreach (var file in folders.SelectMany(d => Directory.EnumerateFiles(d, "*" + DrillReader.Ending).Order(StringComparer.Ordinal)).Take(MaxFiles))
        {
            var name = Path.GetFileName(file)[..^DrillReader.Ending.Length];
            (Drill? Drill, IReadOnlyList<string> Faults) read;
            try
            {
                read = new FileInfo(file).Length > DrillReader.MaxBytes ? (null, [$"$: a drill has at most {DrillReader.MaxBytes} bytes"]) : DrillReader.Read(File.ReadAllBytes(file), name);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                read = (null, ["$: " + fault.Message]);
            }
            yield return (name, file, read.Drill, read.Faults);
        }
    }
}
