using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Beacon.Web.Commands;

/// <summary>Help in which a list of commands says what each does; its examples stand in its own help.</summary>
internal sealed class BriefHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    public override int Invoke(ParseResult parseResult)
    {
        foreach (var command in parseResult.CommandResult.Command.Subcommands) command.Description = command.Description?.Split("\n\n")[0];
        return _help.Invoke(parseResult);
    }
}
