namespace Beacon.Web.Console.Pages.Search;

/// <summary>Names the resource files of the Search page.</summary>
public sealed class SearchText;
