namespace Beacon.Web.Commands.Scan;

/// <summary>A line a match, in the order of time over all files.</summary>
internal sealed class TimelineOutput(TextWriter output, MatchSorter sorter) : IScanOutput
{
    public void Write(ScanMatch match) => sorter.Add(match);

    public void Finish()
    {
        foreach (var match in sorter.Sorted()) output.WriteLine(TableOutput.Line(match));
        output.Flush();
    }

    public void Dispose()
    {
        sorter.Dispose();
        output.Dispose();
    }
}
