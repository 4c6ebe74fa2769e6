namespace Beacon.Detections.Indicators;

/// <summary>The indicators that are looked for.</summary>
internal interface IIndicators
{
    /// <summary>As they are now; memory answers while nothing changes.</summary>
    Task<IndicatorIndex> CurrentAsync(CancellationToken cancellation);
}

/// <summary>A number of indicators that does not change: none where there is no state database.</summary>
internal sealed class FixedIndicators(IReadOnlyList<Indicator> indicators) : IIndicators
{
    private readonly IndicatorIndex _index = new(indicators);

    public Task<IndicatorIndex> CurrentAsync(CancellationToken cancellation) => Task.FromResult(_index);
}
