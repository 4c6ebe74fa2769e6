namespace Beacon.Web.Console.Pages.Coverage;

/// <summary>Names the resource files of the Coverage page.</summary>
public sealed class CoverageText;
