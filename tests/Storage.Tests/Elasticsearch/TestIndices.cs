using Beacon.Storage.Elasticsearch;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>Names of its own for one test, removed with all their indices at the end.</summary>
internal sealed class TestIndices(string address) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address + "/") };

    public string Prefix { get; } = "test-" + Guid.NewGuid().ToString("N")[..12];

    public ElasticsearchOptions Options(Action<ElasticsearchOptions>? change = null)
    {
        var options = new ElasticsearchOptions { Prefix = Prefix, Replicas = 0 };
        options.Nodes.Add(address);
        change?.Invoke(options);
        return options;
    }

    public async Task<string> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await SendAsync(HttpMethod.Delete, $"_data_stream/{Prefix}-events");
            await SendAsync(HttpMethod.Delete, $"{Prefix}-events-000001,{Prefix}-events-000002,{Prefix}-events-000003,{Prefix}-state?ignore_unavailable=true");
            await SendAsync(HttpMethod.Delete, $"_index_template/{Prefix}-events");
        }
        catch (HttpRequestException)
        {
            // A test that ended its server leaves nothing to remove.
        }
        _http.Dispose();
    }
}
