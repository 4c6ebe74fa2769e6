using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Notifications.Channels.Http;

namespace Beacon.Alerting.Notifications.Channels.Webhook;

/// <summary>
/// JSON to any receiver, signed after the Standard Webhooks specification 1.0: headers webhook-id, webhook-timestamp (Unix seconds) and
/// webhook-signature, "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body". The id is the same for every try, the time of each its own:
/// a receiver refuses what is older than five minutes and what it has seen.
/// </summary>
internal sealed class WebhookNotifier(ChatSender sender, TimeProvider time) : INotifier
{
    public string Kind => "webhook";
    public int PerMinute => 120;

    public IReadOnlyList<ChannelSetting> Settings { get; } =
    [
        new("url", "address of the receiver", Required: true, Secret: true),
        new("secret", "what both sides sign with: text, or 'whsec_' and base64", Required: true, Secret: true),
    ];

    public string Preview(Message message, ChannelValues values) => Encoding.UTF8.GetString(BodyOf(message));

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation)
    {
        if (KeyOf(values["secret"]) is not { } key) return Task.FromResult(SendResult.Refused("the secret behind 'whsec_' is no base64"));
        var body = BodyOf(message);
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{message.Id}.{now}."), .. body];
        return sender.PostAsync(values["url"], body, new Dictionary<string, string>
        {
            ["webhook-id"] = message.Id, ["webhook-timestamp"] = now, ["webhook-signature"] = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)),
        }, null, cancellation);
    }

    private static byte[]? KeyOf(string secret)
    {
        const string mark = "whsec_";
        if (!secret.StartsWith(mark, StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(secret);
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[mark.Length..], key, out var n) ? key[..n] : null;
    }

    private static byte[] BodyOf(Message message) => ChatSender.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", message.Id);
        json.WriteString("type", "beacon.notices");
        json.WriteString("timestamp", message.At.UtcDateTime);
        json.WriteString("level", Words.Level(message.Level).ToString());
        json.WriteString("subject", message.Subject);
        json.WriteNumber("omitted", message.Omitted);
        json.WriteStartArray("notices");
        foreach (var notice in message.Notices)
        {
            json.WriteStartObject();
            json.WriteNumber("id", notice.Id);
            json.WriteString("kind", notice.Kind.ToString());
            json.WriteString("level", Words.Level(notice.Level).ToString());
            json.WriteString("at", notice.At.UtcDateTime);
            json.WriteString("audience", notice.Audience);
            json.WriteString("subject", notice.Subject);
            json.WriteString("text", notice.Text);
            json.WriteString("reference", notice.Reference);
            if (message.Link(notice) is { } link) json.WriteString("link", link);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
