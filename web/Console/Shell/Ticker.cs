namespace Beacon.Web.Console.Shell;

/// <summary>Ticks every five seconds while somebody listens, so that ages on screen move. One per circuit.</summary>
public sealed class Ticker(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private ITimer? _timer;
    private Action? _tick;

    public event Action Tick
    {
        add
        {
            _tick += value;
            _timer ??= clock.CreateTimer(_ => _tick?.Invoke(), null, Every, Every);
        }
        remove => _tick -= value;
    }

    public void Dispose() => _timer?.Dispose();
}
