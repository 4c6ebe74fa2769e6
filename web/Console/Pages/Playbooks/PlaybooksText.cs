namespace Beacon.Web.Console.Pages.Playbooks;

/// <summary>Names the resource files of the library of playbooks.</summary>
public sealed class PlaybooksText;
