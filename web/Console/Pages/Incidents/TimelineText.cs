namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Names the resource files of sentences in timelines. In English they are the forms in which the sentences were written.</summary>
public sealed class TimelineText;
