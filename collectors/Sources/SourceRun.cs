using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Receivers;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Sources;

/// <summary>One enabled source: its receiver, started again after a wait whenever it breaks off.</summary>
internal sealed partial class SourceRun : IAsyncDisposable
{
    private readonly IReceiver _receiver;
    private readonly ReceiverContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private volatile Phrase? _error;

    public SourceRun(SourceDefinition source, IReceiver receiver, Intake intake, TimeProvider time, ILogger log)
    {
        _receiver = receiver;
        _context = new ReceiverContext(source, intake, time, log);
        _work = Task.Run(RunAsync);
    }

    public SourceStatus Status => new(_context.Source, _error is not null ? SourceState.Failing : _context.Running ? SourceState.Running : SourceState.Starting,
        _error ?? _context.Warning, _context.Endpoint, _context.Connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(_context.Time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _error = null;
                await _receiver.RunAsync(_context, _stop.Token).ConfigureAwait(false);
                if (_stop.IsCancellationRequested) return;
                _error = "the receiver ended";
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // One failing input must not silence the rest.
                _error = fault is ReceiverException own ? own.Said : Phrase.Plain(fault.Message);
                ReceiverFailed(_context.Log, fault, _context.Source.Id);
            }
            finally
            {
                _context.Stopped();
            }
            await backoff.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1060, LogLevel.Error, "Source {Source} broke off and is started again")]
    private static partial void ReceiverFailed(ILogger log, Exception fault, string source);
}
