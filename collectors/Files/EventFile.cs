namespace Beacon.Collectors.Files;

/// <summary>One log: a file, or an entry of an archive.</summary>
/// <param name="name">As it is shown: of an entry "archive.zip!folder/name". Written by others, and cut at a ceiling.</param>
/// <param name="modified">When it was last written, UTC: settles years that its timestamps lack.</param>
public sealed class EventFile(string name, DateTimeOffset modified)
{
    /// <summary>Longest name of an entry, in UTF-16 units.</summary>
    public const int MaxName = 1_024;

    private readonly RecordLabels _labels = new();

    public string Name => name;
    public DateTimeOffset Modified => modified;

    /// <summary>It is a Windows event log: its events have numbers of their own, which may come again.</summary>
    public bool IsEvtx { get; internal set; }

    /// <summary>Label of the event that comes next in the file. All events of the file must be asked for, in their order.</summary>
    public EventLabel LabelNext(long number) => IsEvtx ? _labels.Next(number) : new EventLabel(number, 1);
}
