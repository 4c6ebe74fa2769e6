using System.CommandLine;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Processing pipelines that a command is given.</summary>
internal static class PipelineOption
{
    public static Option<string[]> Create() => new("--pipeline")
    {
        Description = "Processing pipelines (pySigma's YAML form): files, folders, or the name of a shipped one (windows-security-4688). May be repeated.", HelpName = "PATH",
    };

    /// <summary>Reads them; what is wrong is named on stderr.</summary>
    /// <exception cref="CommandException">One is refused, or does not exist.</exception>
    public static SigmaPipelines Read(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) return SigmaPipelines.BuiltIn;
        var (pipelines, faults) = SigmaPipelines.Read(paths);
        foreach (var fault in faults) System.Console.Error.WriteLine(TerminalText.Clean(fault.ToString()));
        return faults.Any(static f => f.Severity == FaultSeverity.Error) ? throw new CommandException("A pipeline is refused.") : pipelines;
    }
}
