using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Beacon.Web.Console.Shell;

/// <summary>
/// Rows of a list that a service pages. Those around what is on screen are kept, so that a key finds the next one without asking; everything else
/// stays where it is. Of several questions under way the newest counts.
/// </summary>
/// <param name="read">Rows from an index, as many as asked for (<paramref name="most"/> at most), and how many there are in all.</param>
/// <param name="most">Rows that the service gives at once, 1 or more.</param>
public sealed class PagedRows<T>(Func<int, int, CancellationToken, Task<(IReadOnlyList<T> Rows, long Total)>> read, int most)
{
    /// <summary>Rows kept before and behind those that are asked for.</summary>
    private const int Around = 40;

    private int _start, _asked, _first, _count = Around;

    /// <summary>Rows in all; null until they were read for the first time.</summary>
    public int? Total { get; private set; }

    /// <summary>The rows at hand.</summary>
    public IReadOnlyList<T> Rows { get; private set; } = [];

    /// <summary>Reads what is on screen anew; from the first row on where the list became another one.</summary>
    public async Task LoadAsync(bool another = false)
    {
        if (another) _first = 0;
        await ReadAsync(_first, _count, CancellationToken.None);
    }

    /// <summary>For <see cref="Virtualize{TItem}.ItemsProvider"/>. What is scrolled past before it came is neither kept nor an error.</summary>
    public async ValueTask<ItemsProviderResult<T>> ProvideAsync(ItemsProviderRequest asked)
    {
        (_first, _count) = (asked.StartIndex, Math.Max(1, asked.Count));
        var part = Has(asked.StartIndex, asked.Count) ? (From: _start, Rows, Total: Total ?? 0) : await ReadAsync(asked.StartIndex, asked.Count, asked.CancellationToken);
        return new(part.Rows.Skip(asked.StartIndex - part.From).Take(asked.Count), part.Total);
    }

    /// <summary>The row at an index; default where there is none.</summary>
    public async Task<T?> AtAsync(int index)
    {
        if (index < 0 || index >= Total) return default;
        var part = Has(index, 1) ? (From: _start, Rows, Total: Total ?? 0) : await ReadAsync(index, 1, CancellationToken.None);
        return index - part.From < part.Rows.Count ? part.Rows[index - part.From] : default;
    }

    /// <summary>Where a row stands; -1 where it is not at hand.</summary>
    public int IndexOf(Predicate<T> row)
    {
        for (var i = 0; i < Rows.Count; i++) if (row(Rows[i])) return _start + i;
        return -1;
    }

    private bool Has(int start, int count) => Total is { } total && start >= _start && Math.Min(start + count, total) <= _start + Rows.Count;

    private async Task<(int From, IReadOnlyList<T> Rows, int Total)> ReadAsync(int start, int count, CancellationToken cancellation)
    {
        var asked = ++_asked;
        var from = Math.Max(0, start - Around);
        var (rows, total) = await read(from, Math.Min(most, start - from + count + Around), cancellation);
        var part = (from, rows, (int)Math.Min(int.MaxValue, total));
        if (asked == _asked) (_start, Rows, Total) = part;
        return part;
    }
}
