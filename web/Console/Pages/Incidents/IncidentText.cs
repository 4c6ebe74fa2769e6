namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Names the resource files of incidents and playbook runs.</summary>
public sealed class IncidentText;
