using Beacon.Alerting.Changes;

namespace Beacon.Web.Console.Shell;

/// <summary>
/// Tells the pages of one circuit what changed, at most four times a second. It goes on from the last sequence number seen, so
/// nothing is missed; where that is too old the pages are told to load afresh.
/// </summary>
public sealed partial class LiveFeed(IChangeFeed changes, TimeProvider clock, ILogger<LiveFeed> log) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _stop = new();
    private Task? _following;

    /// <summary>Raised off the renderer's thread. An empty list means: load afresh.</summary>
    public event Func<IReadOnlyList<Change>, Task>? Changed;

    /// <summary>The number behind which nothing has been shown yet.</summary>
    public long Sequence { get; private set; }

    /// <summary>Newest change's moment, and when it was shown.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    public void Start() => _following ??= Task.Run(FollowAsync);

    private async Task FollowAsync()
    {
        Sequence = changes.LatestSequence;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await changes.WaitAsync(Sequence, _stop.Token);
                var batch = await changes.ReadAfterAsync(Sequence, IChangeFeed.MaxLimit, _stop.Token);
                Sequence = batch.TooOld ? batch.Latest : batch.Next;
                if (batch.Changes.Count > 0) LastAt = batch.Changes[^1].At;
                if (Changed is { } handlers)
                    foreach (var handler in handlers.GetInvocationList().Cast<Func<IReadOnlyList<Change>, Task>>())
                        await handler(batch.TooOld ? [] : batch.Changes);
                await Task.Delay(Pause, clock, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception fault)
            {
                LogFailed(fault);
                await Task.Delay(TimeSpan.FromSeconds(2), clock, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_following is not null) await _following;
        _stop.Dispose();
    }

    [LoggerMessage(4101, LogLevel.Warning, "Following the changes for a console failed; it is tried again")]
    private partial void LogFailed(Exception fault);
}
