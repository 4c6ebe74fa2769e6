namespace Beacon.Web.Console.Pages.Rules;

/// <summary>Names the resource files of the Rules page.</summary>
public sealed class RulesText;
