namespace Beacon.Web.Commands.Scan;

/// <summary>How matches are printed. One thread at a time.</summary>
internal interface IScanOutput : IDisposable
{
    void Write(ScanMatch match);

    /// <summary>Prints what was held back.</summary>
    void Finish();
}
