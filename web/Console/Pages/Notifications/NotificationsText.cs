namespace Beacon.Web.Console.Pages.Notifications;

/// <summary>Names the resource files of notifications.</summary>
public sealed class NotificationsText;
