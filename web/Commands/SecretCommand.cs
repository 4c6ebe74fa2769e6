using System.CommandLine;
using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Secrets;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>The vault from the command line. Works beside a running Beacon: both open the same state database and key file.</summary>
internal static class SecretCommand
{
    private static readonly Actor Person = new("command line", [RoleNames.Administrator]);

    public static Command Create()
    {
        var command = new Command("secret", "Keeps, lists and removes secrets of playbooks and notifications.\n\nExample:\n  ./run secret put smtp-password < password.txt");
        command.Subcommands.Add(Put());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Delete());
        command.Subcommands.Add(Rotate());
        return command;
    }

    private static Command Put()
    {
        var name = Name();
        var description = new Option<string>("--description") { Description = "What it is for.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var data = CommandLine.DataOption();
        var command = new Command("put", "Keeps the value that stands on standard input; one line feed at its end is left out.\n\nExample:\n  ./run secret put smtp-password --description 'mail server' < password.txt") { name, description, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ISecretVault>(parsed.GetValue(data)!, async vault =>
        {
            var called = parsed.GetValue(name)!;
            var known = (await vault.ListAsync(cancellation)).FirstOrDefault(s => s.Name == called);
            var kept = Done(await vault.PutAsync(called, await ReadAsync(cancellation), parsed.GetValue(description)!, known?.Version ?? 0, Person, cancellation));
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kept.Name}, version {kept.Version}"));
            return 0;
        })));
        return command;
    }

    private static Command List()
    {
        var data = CommandLine.DataOption();
        var command = new Command("list", "Lists secrets without their values.\n\nExample:\n  ./run secret list") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ISecretVault>(parsed.GetValue(data)!, async vault =>
        {
            foreach (var secret in await vault.ListAsync(cancellation))
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{secret.Name,-32} version {secret.Version,-3} {secret.ChangedAt:yyyy-MM-dd}  {TerminalText.Clean(secret.ChangedBy)}  {TerminalText.Clean(secret.Description)}"));
            return 0;
        })));
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var data = CommandLine.DataOption();
        var command = new Command("delete", "Removes a secret for good.\n\nExample:\n  ./run secret delete smtp-password --reason 'no mail any more'") { name, reason, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ISecretVault>(parsed.GetValue(data)!, async vault =>
        {
            var called = parsed.GetValue(name)!;
            var known = (await vault.ListAsync(cancellation)).FirstOrDefault(s => s.Name == called) ?? throw new CommandException("There is no such secret.");
            Done(await vault.DeleteAsync(called, known.Version, Person, parsed.GetValue(reason)!, cancellation));
            return 0;
        })));
        return command;
    }

    private static Command Rotate()
    {
        var data = CommandLine.DataOption();
        var command = new Command("rotate", "Makes a new key and encrypts every secret with it.\n\nExample:\n  ./run secret rotate") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<ISecretVault>(parsed.GetValue(data)!, async vault =>
        {
            var count = await vault.RotateAsync(Person, cancellation);
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} secrets encrypted anew"));
            return 0;
        })));
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "1 to 64 of a-z, 0-9, '.', '_' and '-'." };

    private static async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var buffer = new char[ISecretVault.MaxValueLength + 2];
        var n = await System.Console.In.ReadBlockAsync(buffer, cancellation);
        var value = new string(buffer, 0, n);
        return value.EndsWith("\r\n", StringComparison.Ordinal) ? value[..^2] : value.EndsWith('\n') ? value[..^1] : value;
    }

    private static T Done<T>(Outcome<T> outcome) where T : class => outcome.Done ? outcome.Value : throw new CommandException(outcome.Refusal.Message.ToString());
}
