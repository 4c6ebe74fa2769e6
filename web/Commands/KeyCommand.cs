using System.CommandLine;
using System.Globalization;
using System.Text;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>Keys for programs. Works beside a running Beacon: both open the same state database.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var command = new Command("key", "Makes, lists and revokes keys for programs.\n\nExample:\n  ./run key add shipper --scope ingest");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "What the key is for." };
        var scope = new Option<string[]>("--scope") { Description = "ingest, read or operate; may be repeated.", Required = true, HelpName = "SCOPE" };
        var days = new Option<int?>("--days") { Description = "Days after which it ends; without it the key does not end.", HelpName = "N" };
        var data = CommandLine.DataOption();
        var command = new Command("add", "Makes a key and prints it once.\n\nExample:\n  ./run key add shipper --scope ingest --days 365") { name, scope, days, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ApiKeys>(parsed.GetValue(data)!, async keys =>
        {
            var (key, secret) = await keys.CreateAsync(parsed.GetValue(name)!, parsed.GetValue(scope)!, parsed.GetValue(days) is { } n ? TimeSpan.FromDays(n) : null, "command line", cancellation);
            var both = $"{key.Id}:{secret}";
            System.Console.WriteLine($"Authorization: ApiKey {Convert.ToBase64String(Encoding.ASCII.GetBytes(both))}");
            System.Console.WriteLine($"As id:secret   {both}");
            System.Console.WriteLine("It is not shown again.");
            return 0;
        })));
        return command;
    }

    private static Command List()
    {
        var data = CommandLine.DataOption();
        var command = new Command("list", "Lists keys, without their secrets.\n\nExample:\n  ./run key list") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ApiKeys>(parsed.GetValue(data)!, async keys =>
        {
            foreach (var key in (await keys.AllAsync(cancellation)).OrderBy(k => k.CreatedAt))
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key.Id}  {key.Name,-24} {string.Join(',', key.Scopes),-20} {key.CreatedAt:yyyy-MM-dd}  {(key.RevokedAt is { } at ? $"revoked {at:yyyy-MM-dd}" : key.ExpiresAt is { } end ? $"until {end:yyyy-MM-dd}" : "")}"));
            return 0;
        })));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "As `key list` prints it." };
        var data = CommandLine.DataOption();
        var command = new Command("revoke", "Ends a key within two seconds.\n\nExample:\n  ./run key revoke 0a1b2c3d4e5f") { id, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ApiKeys>(parsed.GetValue(data)!, async keys =>
            await keys.RevokeAsync(parsed.GetValue(id)!, "command line", cancellation) ? 0 : throw new CommandException("There is no such key, or it was revoked already."))));
        return command;
    }
}
