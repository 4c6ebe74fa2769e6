using System.CommandLine;
using Beacon.Web.Commands.Bench.Nab;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>Measures this machine: the figures of docs/performance.md come from here.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var command = new Command("bench", "Measures parsing, matching, storing, the whole path, consoles, anomaly detection and alert lists on this machine.\n\nExample:\n  ./run bench match --events events.ndjson --output json");
        command.Subcommands.Add(ParseBench.Create());
        command.Subcommands.Add(MatchBench.Create());
        command.Subcommands.Add(StoreBench.Create());
        command.Subcommands.Add(PathBench.Create());
        command.Subcommands.Add(Consoles.ConsoleBench.Create());
        command.Subcommands.Add(NabBench.Create());
        command.Subcommands.Add(AlertsBench.Create());
        return command;
    }

    public static Option<string> OutputOption() => CommandLine.OutputOption("table", "json");

    /// <summary>How long to measure, with its span in the help and a refusal outside it.</summary>
    public static Option<int> SecondsOption(int normally, string what) => new("--seconds")
    {
        Description = $"{what}, 1 to 3,600 seconds.", DefaultValueFactory = _ => normally, HelpName = "N",
    };

    /// <exception cref="CommandException">The number is outside its span.</exception>
    public static int Within(string option, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new CommandException(FormattableString.Invariant($"{option} is {least:N0} to {most:N0}, not {value}."));

    /// <summary>Prints the report to stdout: a table for people, or one JSON object.</summary>
    public static void Print(BenchReport report, string output)
    {
        if (output == "json") System.Console.Out.WriteLine(report.ToJson());
        else report.WriteTable(System.Console.Out);
    }
}
