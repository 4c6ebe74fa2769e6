namespace Beacon.Alerting.Notifications.Setup;

/// <summary>The setup in force and those before it.</summary>
public interface INotificationSetups
{
    Task<NotificationSetup> CurrentAsync(CancellationToken cancellation = default);

    /// <summary>Newest first.</summary>
    /// <param name="limit">1 to 200.</param>
    Task<IReadOnlyList<NotificationSetup>> HistoryAsync(int limit = 20, CancellationToken cancellation = default);

    /// <summary>Puts a setup in force. Only an administrator may; every fault is named with its JSON path.</summary>
    /// <param name="setup">Its version is the one it was made from.</param>
    Task<Outcome<NotificationSetup>> SaveAsync(NotificationSetup setup, Actor actor, string reason, CancellationToken cancellation = default);
}
