namespace Beacon.Storage.DuckDb;

/// <summary>One day's file, by day of ingestion (UTC), and what is known of it without asking the disk.</summary>
internal sealed class DayFile(DateOnly day, string path)
{
    public DateOnly Day => day;
    public string Path => path;
    public string Catalog { get; } = $"d{day:yyyyMMdd}";
    public DateTimeOffset? From { get; private set; }
    public DateTimeOffset? To { get; private set; }
    public long Events { get; private set; }

    public void Include(DateTimeOffset from, DateTimeOffset to, long events)
    {
        if (events == 0) return;
        From = From is { } f && f < from ? f : from;
        To = To is { } t && t > to ? t : to;
        Events += events;
    }

    public long Bytes() => Length(path) + Length(path + ".wal");
    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
