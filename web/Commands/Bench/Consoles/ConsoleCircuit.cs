using System.Diagnostics;
using System.Globalization;
using System.Net;
using Beacon.Web.Hosting;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>
/// One console that shows Live, as the server sees it: the page is fetched, its circuit started, what the server asks of the browser answered,
/// and each drawing acknowledged as a browser does. The drawing itself is left out.
/// </summary>
internal sealed class ConsoleCircuit : IAsyncDisposable
{
    /// <summary>Drawings closer than this stand on screen as one: a browser shows them in one or two of its frames.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(30);

    private readonly HubConnection _connection;
    private readonly CookieContainer _cookies;
    private readonly string _address;
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private string _circuit = "";
    private string? _fault;
    private long _begunAt, _lastBatch, _endedAt;
    private bool _counting;

    private ConsoleCircuit(string address, CookieContainer cookies)
    {
        (_address, _cookies) = (address, cookies);
        var builder = new HubConnectionBuilder().WithUrl(address + "/_blazor", http => http.Cookies = cookies);
        builder.Services.AddSingleton<IHubProtocol>(new CircuitProtocol());
        _connection = builder.Build();
        _connection.On<long, byte[]>("JS.RenderBatch", BatchAsync);
        _connection.On("JS.BeginInvokeJS", [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)], call => AnswerAsync((long)call[0]!, (string)call[1]!));
        _connection.On("JS.Error", [typeof(string)], call => Fail((string)call[0]!));
        _connection.Closed += fault => Fail(fault?.Message ?? "the server closed it");
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
            await circuit._connection.StartAsync(cancellation);
            circuit._circuit = await circuit._connection.InvokeAsync<string?>("StartCircuit", address + "/", address + "/live", components, "", cancellation)
                ?? throw new CommandException("The server does not start a circuit.");
            await circuit._drawn.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation);
            return circuit;
        }
        catch (TimeoutException)
        {
            await circuit.DisposeAsync();
            throw new CommandException($"A console showed nothing for a minute. {circuit._fault}");
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
        if (_fault is not null) throw new CommandException($"A console's circuit broke: {_fault}");
    }

    /// <summary>Leaves as a closed tab does: the server lets go of the circuit at once.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        using var http = ConsolePage.Client(_address, _cookies);
        using var form = new MultipartFormDataContent { { new StringContent(_circuit), "circuitId" } };
        using var answer = await http.PostAsync(new Uri("/_blazor/disconnect", UriKind.Relative), form, cancellation);
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task BatchAsync(long id, byte[] batch)
    {
        lock (_gate)
        {
            if (_counting)
            {
                Batches++;
                Bytes += batch.Length;
                if (_lastBatch == 0 || Stopwatch.GetElapsedTime(_lastBatch) > Apart) Updates++;
                _lastBatch = Stopwatch.GetTimestamp();
            }
        }
        return _connection.SendAsync("OnRenderCompleted", id, null);
    }

    private Task AnswerAsync(long call, string function)
    {
        // The page draws itself once it knows the time zone.
        if (function == "beacon.muted") _drawn.TrySetResult();
        var value = function switch { "beacon.start" => "\"UTC\"", "beacon.muted" or "beacon.mayChime" => "false", _ => "null" };
        // Zero: nobody waits for an answer.
        return call == 0 ? Task.CompletedTask : _connection.SendAsync("EndInvokeJSFromDotNet", call, true, string.Create(CultureInfo.InvariantCulture, $"[{call},true,{value}]"));
    }

    private Task Fail(string why)
    {
        _fault ??= why;
        return Task.CompletedTask;
    }
}
