namespace Beacon.Web.Console.Pages.Audit;

/// <summary>Names the resource files of the audit trail's page.</summary>
public sealed class AuditText;
