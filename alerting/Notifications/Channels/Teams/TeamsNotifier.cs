using Beacon.Alerting.Notifications.Channels.Http;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Notifications.Channels.Teams;

/// <summary>Microsoft Teams by a Workflows webhook: a message with one adaptive card (Adaptive Cards 1.4); 28 KB at most.</summary>
internal sealed class TeamsNotifier(ChatSender sender) : INotifier
{
    private const int Longest = 6_000;

    public string Kind => "teams";
    public int PerMinute => 60;
    public IReadOnlyList<ChannelSetting> Settings { get; } = [new("url", "address that the workflow gave", Required: true, Secret: true)];

    public string Preview(Message message, ChannelValues values) => $"{PlainText.Chat(message.Subject)}\n{message.Body(Longest, PlainText.Chat)}";

    public Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation) => sender.PostAsync(values["url"], ChatSender.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        Block(PlainText.Chat(message.Subject), heading: true);
        foreach (var line in message.Body(Longest, PlainText.Chat).Split("\n\n")) Block(line, heading: false);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();

        void Block(string text, bool heading)
        {
            json.WriteStartObject();
            json.WriteString("type", "TextBlock");
            json.WriteString("text", text.Replace("\n", "\n\n", StringComparison.Ordinal));
            json.WriteBoolean("wrap", true);
            if (heading)
            {
                json.WriteString("weight", "Bolder");
                json.WriteString("size", "Medium");
                json.WriteString("color", message.Level switch { WarningLevel.Red => "Attention", WarningLevel.Orange or WarningLevel.Yellow => "Warning", _ => "Default" });
            }
            json.WriteEndObject();
        }
    }), null, null, cancellation);
}
