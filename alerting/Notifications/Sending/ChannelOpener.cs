using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>Fills in a channel's secrets and sends one message, within its time.</summary>
internal sealed partial class ChannelOpener(
    INotificationSetups setups, Notifiers notifiers, ISecretReader secrets, IOptions<AlertingOptions> options, TimeProvider time, ILogger<ChannelOpener> log)
{
    /// <returns>The channel's kind, for counts, and what came of it.</returns>
    public async Task<(string Kind, SendResult Result)> SendAsync(string channelId, Message message, CancellationToken cancellation)
    {
        var setup = await setups.CurrentAsync(cancellation).ConfigureAwait(false);
        if (setup.Channels.FirstOrDefault(c => c.Id == channelId) is not { } channel || notifiers.Find(channel.Kind) is not { } notifier) return ("none", SendResult.Refused("the channel was removed"));
        var values = new Dictionary<string, string>();
        try
        {
            foreach (var (name, value) in channel.Settings)
            {
                if (ChannelSetting.SecretOf(value) is not { } secret) values[name] = value;
                else if (await secrets.OpenAsync(secret, cancellation).ConfigureAwait(false) is { } opened) values[name] = opened;
                else return (channel.Kind, SendResult.Refused($"the vault has no secret '{secret}'"));
            }
        }
        catch (SecretException fault)
        {
            return (channel.Kind, SendResult.Refused(fault.Said));
        }
        var limit = options.Value.Notifications.Timeout;
        using var clock = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        try
        {
            return (channel.Kind, await notifier.SendAsync(message, new ChannelValues(values), both.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (channel.Kind, SendResult.Later($"no answer within {limit.TotalSeconds:0} s"));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The boundary of a notifier: its fault must not stop the others.
            LogFailed(log, channel.Kind, channelId, fault);
            return (channel.Kind, SendResult.Later($"the sender failed: {fault.GetType().Name}"));
        }
    }

    [LoggerMessage(3503, LogLevel.Error, "the sender '{Kind}' failed by itself on channel {Channel}; its messages are tried again")]
    private static partial void LogFailed(ILogger logger, string kind, string channel, Exception error);
}
