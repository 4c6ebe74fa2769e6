using System.Text.Json;
using Beacon.Web.Live;

namespace Beacon.Web.Demo;

/// <summary>A hub client that notes when the first alert and the first orange warning were pushed to it.</summary>
internal sealed class DemoWatch(string address, string authorization, TimeProvider clock) : IAsyncDisposable
{
    private readonly HubFollower _hub = new(address, authorization);

    public DateTimeOffset? FirstAlertAt { get; private set; }
    public string? FirstAlert { get; private set; }

    /// <summary>When the frame that raised the first alert was received, as the alert says.</summary>
    public DateTimeOffset? FirstAlertReceived { get; private set; }

    public async Task FollowAsync(CancellationToken cancellation)
    {
        await _hub.StartAsync(cancellation);
        await foreach (var change in _hub.FollowAsync(0, cancellation))
        {
            if (change.Kind != "alert" || FirstAlertAt is not null) continue;
            using var payload = JsonDocument.Parse(change.Payload);
            FirstAlert = Property(payload.RootElement, "title")?.GetString();
            FirstAlertReceived = Property(payload.RootElement, "lastReceived")?.GetDateTimeOffset();
            FirstAlertAt = clock.GetUtcNow();
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private static JsonElement? Property(JsonElement json, string name)
    {
        foreach (var property in json.EnumerateObject())
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        return null;
    }
}
