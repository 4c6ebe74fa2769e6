namespace Beacon.Web.Console.Pages.Wall;

/// <summary>Names the resource files of the wall.</summary>
public sealed class WallText;
