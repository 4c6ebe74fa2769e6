using System.CommandLine;
using System.Net;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>Starts everything and stays until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Option<string[]> ListenOption() => new("--listen")
    {
        Description = "Address of console, API and HTTP ingest; may be repeated.", DefaultValueFactory = _ => ["http://127.0.0.1:8080"], HelpName = "URL",
    };

    public static Option<string> SyslogOption() => new("--syslog")
    {
        Description = "Address and port, UDP and TCP, of the syslog sources made at the first start.", DefaultValueFactory = _ => "127.0.0.1:5514", HelpName = "ADDRESS:PORT",
    };

    public static void AddTo(Command root)
    {
        var data = CommandLine.DataOption();
        var listen = ListenOption();
        var syslog = SyslogOption();
        root.Options.Add(data);
        root.Options.Add(listen);
        root.Options.Add(syslog);
        var store = new StoreOptions();
        store.AddTo(root);
        root.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var (address, port) = Endpoint(parsed.GetValue(syslog)!);
            var options = new ServeOptions { Data = parsed.GetValue(data)!, Listen = parsed.GetValue(listen)!, SyslogAddress = address, SyslogPort = port, Settings = store.Settings(parsed) };
            await using var host = await BeaconHost.StartAsync(options, cancellation);
            await GreetAsync(host, cancellation);
            await host.App.WaitForShutdownAsync(cancellation);
            return 0;
        }));
    }

    public static (string Address, int Port) Endpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) ? (endpoint.Address.ToString(), endpoint.Port) : throw new CommandException($"'{text}' is not an address and a port, such as 127.0.0.1:5514");

    private static async Task GreetAsync(BeaconHost host, CancellationToken cancellation)
    {
        var text = System.Console.Out;
        await text.WriteLineAsync($"Beacon  {host.Address}");
        if (!await host.Services.GetRequiredService<UserDirectory>().AnyAsync(cancellation))
        {
            var token = await host.Services.GetRequiredService<SetupToken>().CreateAsync(cancellation);
            await text.WriteLineAsync($"Set-up  {host.Address}/setup/{token}");
            await text.WriteLineAsync("        Open it once, within a day, to create the administrator.");
        }
        await text.WriteLineAsync("Stop    Ctrl+C");
    }
}
