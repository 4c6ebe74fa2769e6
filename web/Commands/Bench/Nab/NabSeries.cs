namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>A labelled stretch of a series.</summary>
/// <param name="First">Row of its first point.</param>
/// <param name="Last">Row of its last point.</param>
internal readonly record struct NabWindow(int First, int Last)
{
    public int Width => Last - First + 1;
}

/// <summary>One series of the corpus with its labels.</summary>
/// <param name="Name">Its path below the corpus' data folder, as the labels name it.</param>
/// <param name="Windows">In order, none overlapping another.</param>
internal sealed record NabSeries(string Name, DateTimeOffset[] Times, double[] Values, IReadOnlyList<NabWindow> Windows)
{
    /// <summary>Points at the beginning that are learned from and not scored: 15 %, at most 750.</summary>
    public int Probation => Math.Min((int)(0.15 * Values.Length), 750);
}
