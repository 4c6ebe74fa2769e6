using System.CommandLine;

namespace Beacon.Web.Commands.Rules;

/// <summary>Works with Sigma rules: checks them, runs their cases, says what they cover and what they look for.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        var command = new Command("rules", "Works with Sigma rules.\n\nExample:\n  ./run rules check detection/rules");
        command.Subcommands.Add(CheckCommand.Create());
        command.Subcommands.Add(TestCommand.Create());
        command.Subcommands.Add(CoverageCommand.Create());
        command.Subcommands.Add(ExplainCommand.Create());
        command.Subcommands.Add(BacktestCommand.Create());
        return command;
    }

    public static Argument<string[]> PathArgument() => new("path") { Description = "Rule files or folders.", Arity = ArgumentArity.OneOrMore };
}
