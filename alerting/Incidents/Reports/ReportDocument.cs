namespace Beacon.Alerting.Incidents.Reports;

/// <summary>A part of the report: sentences, or rows under columns.</summary>
internal sealed record ReportSection(string Title, IReadOnlyList<string> Lines, IReadOnlyList<string>? Columns = null, IReadOnlyList<IReadOnlyList<string>>? Rows = null);

/// <summary>The report before it has a form. Text from events stands in it: each form encodes it.</summary>
/// <param name="Language">Name of the culture it is written in.</param>
/// <param name="Colon">What stands between a name and its value.</param>
internal sealed record ReportDocument(string Language, string Title, string Tlp, string Colon, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<ReportSection> Sections);
