namespace Beacon.Web.Console.Pages.Warnings;

/// <summary>Names the resource files of the Warnings page.</summary>
public sealed class WarningsText;
