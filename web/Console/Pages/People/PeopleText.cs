namespace Beacon.Web.Console.Pages.People;

/// <summary>Names the resource files of the pages for accounts and keys.</summary>
public sealed class PeopleText;
