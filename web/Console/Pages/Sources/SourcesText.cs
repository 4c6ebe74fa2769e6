namespace Beacon.Web.Console.Pages.Sources;

/// <summary>Names the resource files of the Sources page.</summary>
public sealed class SourcesText;
