using System.CommandLine;
using System.Globalization;
using System.Text;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>People who may sign in. Works beside a running Beacon, and where the last administrator lost the password.</summary>
internal static class UserCommand
{
    private const string By = "command line";

    public static Command Create()
    {
        var command = new Command("user", "Makes and lists accounts, and sets a lost password.\n\nExample:\n  ./run user add ann --role operator");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(Password());
        command.Subcommands.Add(List());
        return command;
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "What the person signs in with." };
        var role = new Option<string[]>("--role") { Description = $"{string.Join(", ", UserDirectory.KnownRoles)}; may be repeated.", Required = true, HelpName = "ROLE" };
        role.AcceptOnlyFromAmong([.. UserDirectory.KnownRoles]);
        var display = new Option<string>("--display") { Description = "Name as others see it. Default: the name.", HelpName = "TEXT" };
        var data = CommandLine.DataOption();
        var command = new Command("add", "Makes an account. The password is asked for without echo, or is the first line of a redirected input.\n\nExample:\n  ./run user add ann --role operator --role responder") { name, role, display, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<UserDirectory>(parsed.GetValue(data)!, async users =>
        {
            var account = await users.CreateAsync(parsed.GetValue(name)!, parsed.GetValue(display) ?? "", ReadPassword(), parsed.GetValue(role)!, By, cancellation);
            System.Console.WriteLine($"{account.Name} may sign in as {string.Join(", ", account.Roles)}.");
            return 0;
        })));
        return command;
    }

    private static Command Password()
    {
        var name = new Argument<string>("name") { Description = "As `user list` prints it." };
        var data = CommandLine.DataOption();
        var command = new Command("password", "Sets an account's password and ends its sessions. The password is asked for without echo, or is the first line of a redirected input.\n\nExample:\n  ./run user password ann") { name, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<UserDirectory>(parsed.GetValue(data)!, async users =>
        {
            if (!(await users.AllAsync(cancellation)).Any(u => string.Equals(u.Name, parsed.GetValue(name)!.Trim(), StringComparison.OrdinalIgnoreCase)))
                throw new CommandException($"There is no account '{parsed.GetValue(name)}'.");
            await users.SetPasswordAsync(parsed.GetValue(name)!, ReadPassword(), By, cancellation);
            System.Console.WriteLine("The password is set; open sessions of the account end.");
            return 0;
        })));
        return command;
    }

    private static Command List()
    {
        var data = CommandLine.DataOption();
        var command = new Command("list", "Lists accounts.\n\nExample:\n  ./run user list") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<UserDirectory>(parsed.GetValue(data)!, async users =>
        {
            foreach (var user in (await users.AllAsync(cancellation)).OrderBy(u => u.CreatedAt))
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{user.Name,-24} {string.Join(',', user.Roles),-36} {user.CreatedAt:yyyy-MM-dd}{(user.Disabled ? "  disabled" : "")}"));
            return 0;
        })));
        return command;
    }

    private static string ReadPassword()
    {
        if (System.Console.IsInputRedirected) return System.Console.ReadLine() ?? "";
        var first = Prompt("Password: ");
        return Prompt("Once more: ") == first ? first : throw new CommandException("The two differ; nothing was changed.");
    }

    private static string Prompt(string text)
    {
        System.Console.Error.Write(text);
        var typed = new StringBuilder();
        while (System.Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar) && typed.Length <= UserDirectory.MaxPasswordLength) typed.Append(key.KeyChar);
        }
        System.Console.Error.WriteLine();
        return typed.ToString();
    }
}
