namespace Beacon.Collectors.Files.Archives;

/// <summary>What one archive may grow to. Past it the archive is given up, since it was made to fill whoever opens it.</summary>
/// <param name="packed">Its bytes on disk.</param>
internal sealed class ArchiveBudget(long packed)
{
    /// <summary>Bytes unpacked from one archive.</summary>
    public const long MaxBytes = 256L * 1024 * 1024 * 1024;

    /// <summary>Growth past <see cref="FreeBytes"/>: text of logs packs to a tenth or a fiftieth, a bomb to a thousandth.</summary>
    public const int MaxRatio = 250;

    /// <summary>Bytes within which any growth is let pass.</summary>
    public const long FreeBytes = 64 * 1024 * 1024;

    /// <summary>Entries of one archive.</summary>
    public const int MaxEntries = 100_000;

    private long _bytes;
    private int _entries;

    /// <summary>A ceiling was reached: nothing more of the archive is read.</summary>
    public bool IsSpent { get; private set; }

    /// <exception cref="InvalidDataException">A ceiling was reached.</exception>
    public void Take(int bytes)
    {
        _bytes += bytes;
        if (_bytes > MaxBytes) throw Refuse($"the archive holds more than {MaxBytes} bytes");
        if (_bytes > FreeBytes && _bytes / MaxRatio > packed) throw Refuse($"the archive grows more than {MaxRatio} times; unpack it yourself if you trust it");
    }

    /// <exception cref="InvalidDataException">A ceiling was reached.</exception>
    public void TakeEntry()
    {
        if (++_entries > MaxEntries) throw Refuse($"the archive has more than {MaxEntries} entries");
    }

    private InvalidDataException Refuse(string reason)
    {
        IsSpent = true;
        return new InvalidDataException(reason + "; the rest is not read");
    }
}
