using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Receivers;

/// <summary>What a running receiver has to do with, and where it says how it fares.</summary>
internal sealed class ReceiverContext(SourceDefinition source, Intake intake, TimeProvider time, ILogger log)
{
    private int _connections;
    private volatile string _endpoint = "";
    private volatile bool _running;
    private volatile Phrase? _warning;

    public SourceDefinition Source => source;
    public Intake Intake => intake;
    public TimeProvider Time => time;
    public ILogger Log => log;
    public string Endpoint => _endpoint;
    public bool Running => _running;
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A fault that does not stop the receiver (one file of many), or null.</summary>
    public Phrase? Warning
    {
        get => _warning;
        set => _warning = value;
    }

    /// <summary>Frames can come from now on.</summary>
    public void Started(string endpoint)
    {
        _endpoint = endpoint;
        _running = true;
    }

    public void Stopped() => _running = false;

    public int ConnectionOpened() => Interlocked.Increment(ref _connections);
    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);
    public void SetConnections(int count) => Volatile.Write(ref _connections, count);
}
