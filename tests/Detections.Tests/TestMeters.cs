using System.Diagnostics.Metrics;

namespace Beacon.Detections.Tests;

internal sealed class TestMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose() { }
}
