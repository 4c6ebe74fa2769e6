using System.CommandLine;
using Beacon.Alerting;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Web.Api;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Reports of incidents from the command line. Works beside a running Beacon.</summary>
internal static class IncidentCommand
{
    private static readonly Actor Person = new("command line", [RoleNames.Administrator]);

    public static Command Create()
    {
        var command = new Command("incident", "Writes the report of an incident.\n\nExample:\n  ./run incident report INC-2026-0031 --format html --out report.html");
        command.Subcommands.Add(Report());
        return command;
    }

    private static Command Report()
    {
        var number = new Argument<string>("number") { Description = "Number of the incident: INC-2026-0031." };
        var format = new Option<string>("--format") { Description = "md, html or stix (a STIX 2.1 bundle).", DefaultValueFactory = _ => "md", HelpName = "FORM" };
        format.AcceptOnlyFromAmong([.. IncidentWorkEndpoints.Formats.Keys]);
        var clearance = new Option<string>("--clearance") { Description = "For which circle (TLP 2.0); a report that is marked narrower is refused.", DefaultValueFactory = _ => "TLP:AMBER", HelpName = "TLP" };
        var language = new Option<string>("--language") { Description = "Language it is written in: en or zh-Hans; a STIX bundle is English.", DefaultValueFactory = _ => "en", HelpName = "LANGUAGE" };
        var target = new Option<string?>("--out") { Description = "File to write. Default: standard output.", HelpName = "FILE" };
        var data = CommandLine.DataOption();
        var command = new Command("report", "Writes what happened and what was done, from the incident as it stands.\n\nExample:\n  ./run incident report INC-2026-0031 --format stix --clearance TLP:GREEN --out bundle.json") { number, format, clearance, language, target, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<IIncidentReports>(parsed.GetValue(data)!, async reports =>
        {
            var called = parsed.GetValue(number)!;
            var id = await reports.FindAsync(called, cancellation) ?? throw new CommandException($"There is no incident {TerminalText.Clean(called)}.");
            var outcome = await reports.WriteAsync(id, IncidentWorkEndpoints.Formats[parsed.GetValue(format)!]!.Value, parsed.GetValue(clearance)!, Person, parsed.GetValue(language)!, cancellation);
            if (!outcome.Done) throw new CommandException(outcome.Refusal.Message.ToString());
            if (parsed.GetValue(target) is not { } file)
            {
                System.Console.Write(outcome.Value.Text);
                return 0;
            }
            try
            {
                await File.WriteAllTextAsync(file, outcome.Value.Text, cancellation);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new CommandException($"{file} can't be written: {fault.Message}");
            }
            System.Console.Error.WriteLine($"{file}: {outcome.Value.Tlp}");
            return 0;
        })));
        return command;
    }
}
