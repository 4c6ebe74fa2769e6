using System.CommandLine;
using System.Text.Json;
using Beacon.Alerting;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Checks playbooks before they are needed.</summary>
internal static class PlaybookCommand
{
    private const int MaxBytes = 4 * 1024 * 1024;

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Playbook files or folders.", Arity = ArgumentArity.OneOrMore };
        var output = CommandLine.OutputOption("text", "json");
        var strict = new Option<bool>("--strict") { Description = "Exit code 1 also where a playbook is valid but not run here." };
        var check = new Command("check", "Checks CACAO 2.0 playbooks: every fault at once, each with its JSON path. Exit code 1 where a document is refused; one that is valid but not run here is accepted, and why is said.\n\nExample:\n  ./run playbook check alerting/playbooks") { paths, output, strict };
        check.SetAction((parsed, _) => CommandLine.RunAsync(() => Task.FromResult(Check(parsed.GetValue(paths)!, parsed.GetValue(output) == "json", parsed.GetValue(strict)))));
        var command = new Command("playbook", "Works with CACAO playbooks.\n\nExample:\n  ./run playbook check alerting/playbooks");
        command.Subcommands.Add(check);
        return command;
    }

    private static int Check(string[] paths, bool json, bool strict)
    {
        using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<Events.IStateDatabase, NoState>().AddAlerting(new AlertingOptions()).BuildServiceProvider();
        var validator = services.GetRequiredService<IPlaybookValidator>();
        var files = paths.SelectMany(Files).ToList();
        if (files.Count == 0) throw new CommandException("There is no .json file in what was named.");
        var findings = new List<(string File, PlaybookFault Fault)>();
        foreach (var file in files)
        {
            if (new FileInfo(file).Length > MaxBytes) findings.Add((file, new PlaybookFault("CACAO-100", "$", $"the file has more than {MaxBytes} bytes")));
            else findings.AddRange(validator.Check(File.ReadAllBytes(file)).Select(f => (file, f)));
        }
        if (json)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(new { playbooks = files.Count, refused = Refused().Count, findings = findings.Select(f => new { file = f.File, grade = f.Fault.Grade.ToString(), code = f.Fault.Code, path = f.Fault.Path, message = f.Fault.Message.ToString() }) }));
        }
        else
        {
            foreach (var (file, fault) in findings) System.Console.WriteLine($"{file}: {fault.Path}: {fault.Code}: {Said(fault.Grade)}{fault.Message}");
            var (refused, idle) = (Refused(), Idle());
            System.Console.Error.WriteLine($"{files.Count} playbooks: {files.Count - refused.Count} accepted, {refused.Count} refused" + (idle.Count > 0 ? $"; {idle.Count} of the accepted are not run here" : ""));
        }
        return Refused().Count > 0 || (strict && Idle().Count > 0) ? 1 : 0;

        HashSet<string> Refused() => [.. findings.Where(f => f.Fault.Grade == FaultGrade.Faulty).Select(f => f.File)];
        HashSet<string> Idle() => [.. findings.Where(f => f.Fault.Grade == FaultGrade.NotRun).Select(f => f.File).Except(Refused())];
        static string Said(FaultGrade grade) => grade switch { FaultGrade.NotRun => "valid, and not run here: ", FaultGrade.Told => "note: ", _ => "" };
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Where(f => !f.EndsWith(DrillReader.Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : File.Exists(path) ? [path]
        : throw new CommandException($"{path} does not exist.");
}
