namespace Beacon.Alerting.Incidents.Reports;

public enum ReportFormat
{
    Markdown,
    /// <summary>One self-contained page, to be printed.</summary>
    Html,
    /// <summary>A STIX 2.1 bundle.</summary>
    Stix,
}

/// <param name="Name">A file name.</param>
/// <param name="MediaType">Of <paramref name="Text"/>.</param>
/// <param name="Tlp">Its marking (TLP 2.0).</param>
public sealed record WrittenReport(string Name, string MediaType, string Tlp, string Text);

/// <summary>Writes what happened and what was done.</summary>
public interface IIncidentReports
{
    /// <summary>Writes the report of an incident as it stands, and that it was written into the timeline.</summary>
    /// <param name="clearance">The widest circle it is for, a TLP 2.0 marking: a report whose own marking is narrower is refused.</param>
    /// <param name="language">"en", "zh-Hans"; another than <see cref="IReportWords.Languages"/> is refused. A STIX bundle is English in any.</param>
    Task<Outcome<WrittenReport>> WriteAsync(long id, ReportFormat format, string clearance, Actor actor, string language = "en", CancellationToken cancellation = default);

    /// <summary>The id of the incident with that number ("INC-2026-0031"), or null.</summary>
    Task<long?> FindAsync(string number, CancellationToken cancellation = default);
}
