using System.Diagnostics;

namespace Beacon.Web.Commands.Bench;

/// <summary>What a piece of work took: all threads of this process, the collector's and the compiler's too.</summary>
internal readonly record struct Spent(double Seconds, double CpuSeconds, long AllocatedBytes)
{
    public static Spent operator +(Spent a, Spent b) => new(a.Seconds + b.Seconds, a.CpuSeconds + b.CpuSeconds, a.AllocatedBytes + b.AllocatedBytes);

    public static Spent Add(Spent left, Spent right) => left + right;
}

/// <summary>Measures a piece of work from its creation to <see cref="End"/>.</summary>
internal sealed class Stint
{
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly double _cpu = CpuSeconds();
    private readonly long _clock = Stopwatch.GetTimestamp();

    public double Elapsed => Stopwatch.GetElapsedTime(_clock).TotalSeconds;

    public Spent End() => new(Elapsed, CpuSeconds() - _cpu, GC.GetTotalAllocatedBytes(precise: true) - _allocated);

    /// <summary>Largest resident memory of this process so far, in MiB.</summary>
    public static double PeakMemory()
    {
        using var self = Process.GetCurrentProcess();
        return Math.Max(self.PeakWorkingSet64, self.WorkingSet64) / 1048576.0;
    }

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>
    /// Does the work until it gets no cheaper by a tenth any more, three windows in a row: the code is then compiled for speed. Eight
    /// windows at least, thirty at most, with rests between them in which the compiler has the processor for itself.
    /// </summary>
    /// <param name="window">Seconds of one window.</param>
    /// <param name="work">Works for about this many seconds and answers with what it did.</param>
    public static void WarmUp(double window, Func<double, (Spent Spent, long Events)> work)
    {
        using var rest = new ManualResetEventSlim();
        var best = double.MaxValue;
        for (int i = 0, calm = 0; i < 8 || (i < 30 && calm < 3); i++)
        {
            var (spent, events) = work(window);
            var cost = spent.CpuSeconds / Math.Max(1, events);
            calm = cost < best * 0.9 ? 0 : calm + 1;
            best = Math.Min(best, cost);
            rest.Wait(TimeSpan.FromSeconds(window / 2));
        }
    }
}
