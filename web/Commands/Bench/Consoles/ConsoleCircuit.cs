using System.Diagnostics;
using System.Net;
using Beacon.Web.Hosting;
using Beacon.Web.Live;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>One console that shows Live, and how often it is drawn anew.</summary>
internal sealed class ConsoleCircuit : IAsyncDisposable
{
    /// <summary>Drawings closer than this stand on screen as one: a browser shows them in one or two of its frames.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(30);

    private readonly CircuitClient _client;
    private readonly CookieContainer _cookies;
    private readonly string _address;
    private readonly Lock _gate = new();
    private string _circuit = "";
    private long _begunAt, _lastBatch, _endedAt;
    private bool _counting;

    private ConsoleCircuit(string address, CookieContainer cookies)
    {
        (_address, _cookies) = (address, cookies);
        _client = new CircuitClient(address, cookies, Note);
    }

    public long Batches { get; private set; }
    public long Bytes { get; private set; }
    public long Updates { get; private set; }

    /// <summary>Seconds counted, from <see cref="Begin"/> to <see cref="End"/>.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_begunAt, _endedAt).TotalSeconds;

    /// <exception cref="CommandException">The circuit does not start or shows nothing within a minute.</exception>
    public static async Task<ConsoleCircuit> OpenAsync(string address, CookieContainer cookies, CancellationToken cancellation)
    {
        var components = await ConsolePage.ComponentsAsync(address, "/live", cookies, cancellation);
        var circuit = new ConsoleCircuit(address, cookies);
        try
        {
            circuit._circuit = await circuit._client.StartAsync(address, "/live", components, cancellation) ?? throw new CommandException("The server does not start a circuit.");
            await circuit._client.Shown.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation);
            return circuit;
        }
        catch (TimeoutException)
        {
            await circuit.DisposeAsync();
            throw new CommandException($"A console showed nothing for a minute. {circuit._client.Fault}");
        }
        catch
        {
            await circuit.DisposeAsync();
            throw;
        }
    }

    public void Begin()
    {
        lock (_gate) (_counting, _begunAt, _lastBatch) = (true, Stopwatch.GetTimestamp(), 0);
    }

    public void End()
    {
        lock (_gate) (_counting, _endedAt) = (false, Stopwatch.GetTimestamp());
    }

    /// <exception cref="CommandException">The circuit broke before.</exception>
    public void ThrowIfBroken()
    {
        if (_client.Fault is { } fault) throw new CommandException($"A console's circuit broke: {fault}");
    }

    /// <summary>Leaves as a closed tab does: the server lets go of the circuit at once.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        using var http = ConsolePage.Client(_address, _cookies);
        using var form = new MultipartFormDataContent { { new StringContent(_circuit), "circuitId" } };
        using var answer = await http.PostAsync(new Uri("/_blazor/disconnect", UriKind.Relative), form, cancellation);
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private void Note(int bytes)
    {
        lock (_gate)
        {
            if (!_counting) return;
            Batches++;
            Bytes += bytes;
            if (_lastBatch == 0 || Stopwatch.GetElapsedTime(_lastBatch) > Apart) Updates++;
            _lastBatch = Stopwatch.GetTimestamp();
        }
    }
}
