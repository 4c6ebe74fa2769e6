using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Audit.Verification;

namespace Beacon.Web.Commands;

/// <summary>Checks offline, or beside a running Beacon, that nothing of the record was changed.</summary>
internal static class VerifyCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var data = new Argument<string?>("data") { Description = "Folder of all state. Default: as for every command.", Arity = ArgumentArity.ZeroOrOne, HelpName = "DATA" };
        var option = CommandLine.DataOption();
        var output = CommandLine.OutputOption("text", "json");
        var command = new Command("verify", "Checks every hash chain (audit trail, timelines of incidents) and the anchors of their ends; names the first record that was changed.\nExit code 0: all hold; 1: one does not, or there is nothing to check.\n\nExample:\n  ./run verify /var/lib/beacon") { data, option, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<IChainVerifier>(parsed.GetValue(data) ?? parsed.GetValue(option)!, async verifier =>
        {
            var records = await verifier.VerifyAsync(cancellation);
            var intact = records.All(r => r.Intact);
            if (parsed.GetValue(output) == "json") System.Console.WriteLine(JsonSerializer.Serialize(new { intact, records }, Json));
            else
            {
                foreach (var record in records.Where(r => !r.Intact)) System.Console.WriteLine($"BROKEN   {TerminalText.Clean(record.Name)}: {TerminalText.Clean(record.Fault!.ToString())}");
                foreach (var record in records.Where(r => r.Intact).Take(20)) System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"holds    {TerminalText.Clean(record.Name)}: {record.Checked:N0}{(record.Head.Length > 0 ? ", head " + record.Head : "")}"));
                if (records.Count(r => r.Intact) is > 20 and var more) System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"         and {more - 20:N0} more"));
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records.Sum(r => r.Checked):N0} records checked: {(intact ? "all hold" : "the record was changed")}"));
            }
            return intact ? 0 : 1;
        })));
        return command;
    }
}
