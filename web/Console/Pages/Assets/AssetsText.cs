namespace Beacon.Web.Console.Pages.Assets;

/// <summary>Names the resource files of the Assets page.</summary>
public sealed class AssetsText;
