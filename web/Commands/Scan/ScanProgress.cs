using System.Diagnostics;
using System.Globalization;

namespace Beacon.Web.Commands.Scan;

/// <summary>How far the scan is, how fast, and how long it will take, on stderr; on a terminal only.</summary>
internal sealed class ScanProgress : IDisposable
{
    private readonly Timer? _timer;

    private ScanProgress(Timer? timer) => _timer = timer;

    public static ScanProgress Start(long total, Func<long> done)
    {
        if (System.Console.IsErrorRedirected || total == 0) return new ScanProgress(null);
        var clock = Stopwatch.StartNew();
        return new ScanProgress(new Timer(_ => System.Console.Error.Write("\r" + Line(done(), total, clock.Elapsed)), null, 200, 200));
    }

    /// <summary>"[######            ]  33 %   41.2 MB/s  0:07 left".</summary>
    internal static string Line(long done, long total, TimeSpan elapsed)
    {
        var share = Math.Clamp(done / (double)total, 0, 1);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min(359_999, Math.Max(0, total - done) / rate)) : (TimeSpan?)null;
        var wait = left is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}")} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', (int)(share * 30)),-30}] {share * 100,3:0} %  {rate / 1e6,7:0.0} MB/s  {wait,-14}");
    }

    public void Dispose()
    {
        if (_timer is null) return;
        using var stopped = new ManualResetEvent(false);
        _timer.Dispose(stopped);
        stopped.WaitOne();
        System.Console.Error.Write("\r" + new string(' ', 78) + "\r");
    }
}
