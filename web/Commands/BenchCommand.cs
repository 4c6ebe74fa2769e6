using System.CommandLine;

namespace Beacon.Web.Commands;

/// <summary>Measures this machine.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var command = new Command("bench", "Measures parsing, matching, storing and the whole path on this machine.\n\nExample:\n  ./run bench match --events events.ndjson");
        return command;
    }
}
