namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>What an application cares about: the weights of NAB's application profiles (Lavin and Ahmad 2015, section II).</summary>
/// <param name="Key">The key under which its score is printed.</param>
/// <param name="TruePositive">Gain of a window detected at its very beginning.</param>
/// <param name="FalsePositive">Cost of a detection far behind any window.</param>
/// <param name="FalseNegative">Cost of a window that was missed.</param>
internal sealed record NabProfile(string Key, double TruePositive, double FalsePositive, double FalseNegative)
{
    public static NabProfile Standard { get; } = new("standard", 1, 0.11, 1);
    public static NabProfile RewardLowFalsePositives { get; } = new("reward_low_fp", 1, 0.22, 1);
    public static NabProfile RewardLowFalseNegatives { get; } = new("reward_low_fn", 1, 0.11, 2);

    public static IReadOnlyList<NabProfile> All { get; } = [Standard, RewardLowFalsePositives, RewardLowFalseNegatives];
}
