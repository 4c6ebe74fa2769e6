namespace Beacon.Web.Console.Marks;

/// <summary>State of a link or a source.</summary>
public enum LinkState
{
    Flows,
    Late,
    Lost,
    /// <summary>Silent, as somebody said that it would be.</summary>
    Paused,
    Unknown,
}
