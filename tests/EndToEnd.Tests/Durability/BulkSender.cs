using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Beacon.EndToEnd.Tests.Durability;

/// <summary>
/// Posts numbered events over the bulk API at a steady pace, as a shipper does: it counts as acknowledged what was answered with
/// 201, and sends a batch whose answer was lost once more under the same ids.
/// </summary>
internal sealed class BulkSender(Uri address, string authorization, int perSecond) : IDisposable
{
    private const int BatchSize = 200;

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
    private long _next = 1;

    /// <summary>Numbers answered with 201.</summary>
    public HashSet<long> Acknowledged { get; } = [];

    /// <summary>Numbers answered with 409 when a batch was sent again: they had been taken before the answer was lost.</summary>
    public HashSet<long> KnownAlready { get; } = [];

    /// <summary>Numbers sent at least once; those behind the last whole batch may or may not have been taken.</summary>
    public long Sent => _next - 1;

    public int Resent { get; private set; }
    public int LostAnswers { get; private set; }

    /// <summary>Sends until it is told to stop; the batch in hand is sent to its answer.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)BatchSize / perSecond), TimeProvider.System);
        while (!stop.IsCancellationRequested)
        {
            var first = _next;
            _next += BatchSize;
            for (var attempt = 0; !await TryAsync(first, attempt > 0); attempt++)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            try
            {
                await pace.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TryAsync(long first, bool again)
    {
        try
        {
            using var body = new StringContent(Batch(first), Encoding.UTF8, "application/x-ndjson");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/_bulk", UriKind.Relative)) { Content = body };
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
            using var answer = await _http.SendAsync(request);
            if (!answer.IsSuccessStatusCode) return false;
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            var number = first;
            var whole = true;
            foreach (var item in json.RootElement.GetProperty("items").EnumerateArray())
            {
                var status = item.GetProperty("create").GetProperty("status").GetInt32();
                if (status == 201) Acknowledged.Add(number);
                else if (status != 409) whole = false;
                else if (!Acknowledged.Contains(number)) KnownAlready.Add(number);
                number++;
            }
            if (again) Resent++;
            return whole;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            if (fault is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) LostAnswers++;
            return false;
        }
    }

    private static string Batch(long first)
    {
        var text = new StringBuilder();
        var time = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        for (var number = first; number < first + BatchSize; number++)
            text.Append(CultureInfo.InvariantCulture, $"{{\"create\":{{\"_index\":\"kill\",\"_id\":\"n{number}\"}}}}\n{{\"@timestamp\":\"{time}\",\"message\":\"n{number}\",\"event\":{{\"dataset\":\"kill.nine\"}},\"host\":{{\"name\":\"sender\"}}}}\n");
        return text.ToString();
    }
}
