namespace Beacon.Web.Console.Pages.Live;

/// <summary>Names the resource files of the Live page.</summary>
public sealed class LiveText;
