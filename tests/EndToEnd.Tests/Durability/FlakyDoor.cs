using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Beacon.EndToEnd.Tests.Durability;

/// <summary>How a server at the other side of the door behaves.</summary>
internal enum Weather
{
    Fair,
    /// <summary>Bulk requests are answered with 429.</summary>
    Busy,
    /// <summary>Each request waits a second first.</summary>
    Slow,
}

/// <summary>Stands before a real server, and does to requests what an overloaded one does.</summary>
internal sealed class FlakyDoor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private int _turnedAway;

    private FlakyDoor(WebApplication app) => _app = app;

    public Weather Weather { get; set; }
    public int TurnedAway => Volatile.Read(ref _turnedAway);
    public string Address => _app.Urls.First();

    public static async Task<FlakyDoor> OpenAsync(string server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var door = new FlakyDoor(app);
        app.Run(http => door.PassAsync(http, server));
        await app.StartAsync();
        return door;
    }

    private async Task PassAsync(HttpContext http, string server)
    {
        if (Weather == Weather.Busy && http.Request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _turnedAway);
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = 429;
            return;
        }
        if (Weather == Weather.Slow) await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, http.RequestAborted);
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), server + http.Request.Path + http.Request.QueryString);
        if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0) request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers)
        {
            if (name is "Host" or "Transfer-Encoding" or "Connection") continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
                if (name is not ("Transfer-Encoding" or "Connection")) http.Response.Headers[name] = values.ToArray();
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            // The server is away: so is the door.
            http.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
