using System.CommandLine;
using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Notifications;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Notifications from the command line, beside a running Beacon or without one.</summary>
internal static class NotifyCommand
{
    public static Command Create()
    {
        var command = new Command("notify", "Tries channels of notifications, and lists what could not be told.\n\nExample:\n  ./run notify test mail-soc");
        command.Subcommands.Add(Test());
        command.Subcommands.Add(Dead());
        return command;
    }

    private static Command Test()
    {
        var channel = new Argument<string>("channel") { Description = "Its id in the setup." };
        var data = CommandLine.DataOption();
        var command = new Command("test", "Sends a test by a channel now; exit code 1 where it did not go.\n\nExample:\n  ./run notify test mail-soc") { channel, data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<INotificationService>(parsed.GetValue(data)!, async notifications =>
        {
            var outcome = await notifications.TestAsync(parsed.GetValue(channel)!, new Actor("command line", [RoleNames.Administrator]), cancellation);
            if (!outcome.Done) throw new CommandException(outcome.Refusal.Message.ToString());
            System.Console.WriteLine((outcome.Value.Sent ? "sent: " : "not sent: ") + TerminalText.Clean(outcome.Value.Said));
            return outcome.Value.Sent ? 0 : 1;
        })));
        return command;
    }

    private static Command Dead()
    {
        var data = CommandLine.DataOption();
        var command = new Command("dead", "Lists dead letters: what could not be told, and why.\n\nExample:\n  ./run notify dead") { data };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => StateServices.WithAsync<INotificationService>(parsed.GetValue(data)!, async notifications =>
        {
            foreach (var letter in await notifications.ListAsync(new DeliveryQuery { Status = DeliveryStatus.Dead, Limit = 500 }, cancellation))
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{letter.Id,-8} {letter.CreatedAt:yyyy-MM-dd HH:mm:ss}  {letter.Channel,-20} {letter.Kind,-22} {TerminalText.Clean(letter.Subject)}: {TerminalText.Clean(letter.Said)}"));
            return 0;
        })));
        return command;
    }
}
