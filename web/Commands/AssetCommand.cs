using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Beacon.Collectors.Enrichment;
using Beacon.Web.Assets;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>What is protected, and how important it is. Works beside a running Beacon.</summary>
internal static class AssetCommand
{
    public static Command Create()
    {
        var command = new Command("asset", "Imports and lists assets: what is protected. Their importance grades warnings.\n\nExample:\n  ./run asset import assets.csv");
        command.Subcommands.Add(Import());
        command.Subcommands.Add(List());
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "CSV with a heading: id, name, names (host names and addresses, separated by ';'), importance (general, important, especially-important), owner, organisation, sector, zone, note, software (separated by ';'). Only id is required." };
        var data = CommandLine.DataOption();
        var command = new Command("import", "Adds assets, or replaces those of the same id: all of the file, or none where a line is faulty. A running Beacon takes them within two seconds.\n\nExample:\n  ./run asset import assets.csv") { file, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<AssetDesk>(parsed.GetValue(data)!, async import =>
        {
            var report = await import.ImportAsync(await ReadAsync(parsed.GetValue(file)!, cancellation), "command line", cancellation);
            foreach (var fault in report.Faults) await System.Console.Error.WriteLineAsync($"{parsed.GetValue(file)}:{fault.Line}: {fault.Message}");
            if (!report.Done) throw new CommandException("Nothing was imported.");
            System.Console.WriteLine($"{report.Lines} assets imported: {report.Added.Count} new, {report.Changed.Count} changed, {report.Same} the same; there are {import.All.Count}.");
            return 0;
        })));
        return command;
    }

    private static Command List()
    {
        var data = CommandLine.DataOption();
        var output = CommandLine.OutputOption("table", "json");
        var command = new Command("list", "Lists the assets.\n\nExample:\n  ./run asset list --output json") { data, output };
        command.SetAction((parsed, _) => CommandLine.RunAsync(() => StateServices.WithAsync<AssetDesk>(parsed.GetValue(data)!, import =>
        {
            if (parsed.GetValue(output) == "json")
                System.Console.WriteLine(JsonSerializer.Serialize(import.All.Select(a => new { id = a.Id, name = a.Name, names = a.Names, importance = AssetCsvText.Word(a.Importance), owner = a.Owner, organisation = a.Organisation, sector = a.Sector, zone = a.Zone, note = a.Note, software = a.Software ?? [] })));
            else
                foreach (var a in import.All) System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{a.Id,-24} {AssetCsvText.Word(a.Importance),-20} {a.Zone,-16} {string.Join(", ", a.Names)}"));
            return Task.FromResult(0);
        })));
        return command;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw new CommandException($"{file} does not exist.");
        if (new FileInfo(file).Length > AssetCsv.MaxLength) throw new CommandException($"{file} is longer than {AssetCsv.MaxLength} bytes.");
        return await File.ReadAllTextAsync(file, cancellation);
    }
}
