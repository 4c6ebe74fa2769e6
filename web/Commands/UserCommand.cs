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
        var command = new Command("user", "Makes, lists, locks and unlocks accounts, gives them roles, and sets a lost password.\n\nExample:\n  ./run user add ann --role operator");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(Password());
        command.Subcommands.Add(Roles());
        command.Subcommands.Add(Lock());
        command.Subcommands.Add(Unlock());
        command.Subcommands.Add(List());
        return command;
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "What the person signs in with." };
        var role = RoleOption();
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
        var name = KnownName();
        var data = CommandLine.DataOption();
        var command = new Command("password", "Sets an account's password and ends its sessions. The password is asked for without echo, or is the first line of a redirected input.\n\nExample:\n  ./run user password ann") { name, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<UserDirectory>(parsed.GetValue(data)!, async users =>
        {
            var account = await FindAsync(users, parsed.GetValue(name)!, cancellation);
            await users.SetPasswordAsync(account.Name, ReadPassword(), By, cancellation);
            System.Console.WriteLine("The password is set; open sessions of the account end.");
            return 0;
        })));
        return command;
    }

    private static Command Roles()
    {
        var (name, role, data) = (KnownName(), RoleOption(), CommandLine.DataOption());
        var command = new Command("roles", "Gives an account these roles in place of those it has, and ends its sessions. The last administrator stays one.\n\nExample:\n  ./run user roles ann --role operator --role responder") { name, role, data };
        command.SetAction((parsed, cancellation) => ChangeAsync(parsed.GetValue(data)!, parsed.GetValue(name)!,
            (changes, account) => changes.SetRolesAsync(account.Id, parsed.GetValue(role)!, By, cancellation), account => $"{account.Name} may sign in as {string.Join(", ", account.Roles)}.", cancellation));
        return command;
    }

    private static Command Lock()
    {
        var (name, data) = (KnownName(), CommandLine.DataOption());
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail.", Required = true, HelpName = "TEXT" };
        var command = new Command("lock", "Locks an account, which ends its sessions; not the last administrator's.\n\nExample:\n  ./run user lock ann --reason \"left the team\"") { name, reason, data };
        command.SetAction((parsed, cancellation) => ChangeAsync(parsed.GetValue(data)!, parsed.GetValue(name)!,
            (changes, account) => changes.SetLockedAsync(account.Id, true, parsed.GetValue(reason)!, By, cancellation), account => $"{account.Name} is locked; open sessions of the account end.", cancellation));
        return command;
    }

    private static Command Unlock()
    {
        var (name, data) = (KnownName(), CommandLine.DataOption());
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail.", HelpName = "TEXT" };
        var command = new Command("unlock", "Lets the person of a locked account sign in again.\n\nExample:\n  ./run user unlock ann") { name, reason, data };
        command.SetAction((parsed, cancellation) => ChangeAsync(parsed.GetValue(data)!, parsed.GetValue(name)!,
            (changes, account) => changes.SetLockedAsync(account.Id, false, parsed.GetValue(reason) ?? "", By, cancellation), account => $"{account.Name} may sign in again.", cancellation));
        return command;
    }

    private static Command List()
    {
        var data = CommandLine.DataOption();
        var command = new Command("list", "Lists accounts.\n\nExample:\n  ./run user list") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<UserDirectory>(parsed.GetValue(data)!, async users =>
        {
            foreach (var user in (await users.AllAsync(cancellation)).OrderBy(u => u.CreatedAt))
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{user.Name,-24} {string.Join(',', user.Roles),-36} {user.CreatedAt:yyyy-MM-dd}{(user.Disabled ? "  locked" : "")}"));
            return 0;
        })));
        return command;
    }

    private static Argument<string> KnownName() => new("name") { Description = "As `user list` prints it." };

    private static Option<string[]> RoleOption()
    {
        var role = new Option<string[]>("--role") { Description = $"{string.Join(", ", UserDirectory.KnownRoles)}; may be repeated.", Required = true, HelpName = "ROLE" };
        role.AcceptOnlyFromAmong([.. UserDirectory.KnownRoles]);
        return role;
    }

    private static async Task<UserAccount> FindAsync(UserDirectory users, string name, CancellationToken cancellation) =>
        (await users.AllAsync(cancellation)).FirstOrDefault(u => string.Equals(u.Name, name.Trim(), StringComparison.OrdinalIgnoreCase)) ?? throw new CommandException($"There is no account '{name}'.");

    private static Task<int> ChangeAsync(string data, string name, Func<AccountChanges, UserAccount, Task<PeopleRefusal>> change, Func<UserAccount, string> said, CancellationToken cancellation) =>
        CommandLine.RunAsync(() => StateServices.WithAsync<IServiceProvider>(data, async services =>
        {
            var users = services.GetRequiredService<UserDirectory>();
            var account = await FindAsync(users, name, cancellation);
            var refusal = await change(services.GetRequiredService<AccountChanges>(), account);
            if (refusal != PeopleRefusal.None) throw new CommandException($"Nothing was changed: {PeopleWords.Of(refusal)}.");
            System.Console.WriteLine(said(await FindAsync(users, account.Name, cancellation)));
            return 0;
        }));

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
