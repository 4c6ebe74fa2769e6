using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Beacon.Web.Live;

/// <summary>
/// A console's circuit without a browser, for the bench: starts it, answers what the server asks of a page's script, and acknowledges each drawing as a
/// browser does. Nothing is drawn.
/// </summary>
internal sealed class CircuitClient : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="cookies">Of a session.</param>
    /// <param name="drawn">Told of each drawing, in bytes, in order.</param>
    public CircuitClient(string address, CookieContainer cookies, Action<int> drawn)
    {
        var builder = new HubConnectionBuilder().WithUrl(address + "/_blazor", http => http.Cookies = cookies);
        builder.Services.AddSingleton<IHubProtocol>(new CircuitProtocol());
        _connection = builder.Build();
        _connection.On<long, byte[]>("JS.RenderBatch", (id, batch) =>
        {
            drawn(batch.Length);
            return _connection.SendAsync("OnRenderCompleted", id, null);
        });
        _connection.On("JS.BeginInvokeJS", [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)], call => AnswerAsync((long)call[0]!, (string)call[1]!));
        _connection.On("JS.Error", [typeof(string)], call => Fail((string)call[0]!));
        _connection.Closed += fault => Fail(fault?.Message ?? "the server closed it");
    }

    /// <summary>Done once the page asked for what it needs to draw itself.</summary>
    public Task Shown => _shown.Task;

    /// <summary>Why the circuit broke, or null.</summary>
    public string? Fault { get; private set; }

    /// <param name="components">The page's components, a JSON array of their markers.</param>
    /// <returns>The circuit's secret, by which it is let go of; null where the server starts none.</returns>
    public async Task<string?> StartAsync(string address, string path, string components, CancellationToken cancellation)
    {
        await _connection.StartAsync(cancellation);
        return await _connection.InvokeAsync<string?>("StartCircuit", address + "/", address + path, components, "", cancellation);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task AnswerAsync(long call, string function)
    {
        // The page draws itself once it knows the time zone and whether sound is wanted.
        if (function == "beacon.muted") _shown.TrySetResult();
        var value = function switch { "beacon.start" => "\"UTC\"", "beacon.muted" or "beacon.mayChime" => "false", _ => "null" };
        // Zero: nobody waits for an answer.
        return call == 0 ? Task.CompletedTask : _connection.SendAsync("EndInvokeJSFromDotNet", call, true, string.Create(CultureInfo.InvariantCulture, $"[{call},true,{value}]"));
    }

    private Task Fail(string why)
    {
        Fault ??= why;
        return Task.CompletedTask;
    }
}
