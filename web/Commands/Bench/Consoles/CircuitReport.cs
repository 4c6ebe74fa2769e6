namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>What the consoles were sent, over all of them and of the busiest.</summary>
internal static class CircuitReport
{
    /// <summary>Updates a second of the console that had the most.</summary>
    public static double Worst(IReadOnlyList<ConsoleCircuit> circuits) => circuits.Max(c => c.Updates / c.Seconds);

    public static void Add(BenchReport report, IReadOnlyList<ConsoleCircuit> circuits) => report
        .Add("updates_per_second", circuits.Average(c => c.Updates / c.Seconds)).Add("updates_per_second_max", Worst(circuits))
        .Add("drawings_per_second", circuits.Average(c => c.Batches / c.Seconds)).Add("kib_per_second", circuits.Average(c => c.Bytes / c.Seconds) / 1024);
}
