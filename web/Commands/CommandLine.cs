using System.CommandLine;
using Beacon.Web.Commands.Bench;
using Beacon.Web.Commands.Copy;
using Beacon.Web.Commands.Rules;
using Beacon.Web.Commands.Scan;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>All commands. Without one, Beacon starts.</summary>
internal static class CommandLine
{
    public static Command Create()
    {
        // Not a RootCommand, whose name is the program file's: help is to show what a person types.
        var root = new Command("./run", "Beacon: cybersecurity monitoring, early warning and emergency response.\n\nWithout a command it starts everything in this process.\n\nExample:\n  ./run --data /var/lib/beacon --listen http://127.0.0.1:8080");
        root.Options.Add(BriefHelp.CreateOption());
        root.Options.Add(new VersionOption());
        ServeCommand.AddTo(root);
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(DrillCommand.Create());
        root.Subcommands.Add(ParseCommand.Create());
        root.Subcommands.Add(ScanCommand.Create());
        root.Subcommands.Add(RulesCommand.Create());
        root.Subcommands.Add(PlaybookCommand.Create());
        root.Subcommands.Add(AssetCommand.Create());
        root.Subcommands.Add(UserCommand.Create());
        root.Subcommands.Add(KeyCommand.Create());
        root.Subcommands.Add(SecretCommand.Create());
        root.Subcommands.Add(NotifyCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(IncidentCommand.Create());
        root.Subcommands.Add(LedgerCommand.Create());
        root.Subcommands.Add(StoreCopyCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        return root;
    }

    /// <summary>Runs an action; a fault of the surroundings becomes one line on stderr and exit code 1.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (CommandException fault)
        {
            await System.Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    /// <summary>The folder of state, the same option for every command that needs it.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "Folder of all state. Default: data/ beside this program's sources, else in the current folder.",
        DefaultValueFactory = _ => Path.Combine(Environment.GetEnvironmentVariable("BEACON_HOME") ?? Environment.CurrentDirectory, "data"),
        HelpName = "DIR",
    };

    public static Option<string> OutputOption(params string[] choices)
    {
        var option = new Option<string>("--output") { Description = $"How to print: {string.Join(", ", choices)}.", DefaultValueFactory = _ => choices[0], HelpName = "FORM" };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
