using System.Globalization;

namespace Beacon.Web.Commands;

/// <summary>A progress bar on stderr, on a terminal only.</summary>
internal sealed class ScanProgress : IDisposable
{
    private readonly Timer? _timer;

    private ScanProgress(Timer? timer) => _timer = timer;

    public static ScanProgress Start(long total, Func<long> done)
    {
        if (System.Console.IsErrorRedirected || total == 0) return new ScanProgress(null);
        return new ScanProgress(new Timer(_ =>
        {
            var share = Math.Min(1, done() / (double)total);
            System.Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('#', (int)(share * 30)),-30}] {share,4:P0} "));
        }, null, 200, 200));
    }

    public void Dispose()
    {
        if (_timer is null) return;
        using var stopped = new ManualResetEvent(false);
        _timer.Dispose(stopped);
        stopped.WaitOne();
        System.Console.Error.Write("\r" + new string(' ', 42) + "\r");
    }
}
