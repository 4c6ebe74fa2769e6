namespace Beacon.Alerting.Notifications.Setup;

/// <summary>The words that targets of routes begin with.</summary>
internal static class Target
{
    public const string Channel = "channel", Person = "person", OnCall = "on-call", Audience = "audience";

    public static (string Kind, string Name) Split(string target) =>
        target.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? (target[..at], target[(at + 1)..]) : (target, "");
}
