using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Web.Drills;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Exercises a playbook from event to lifted warning, on a Beacon of its own.</summary>
internal static class DrillCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Command Create()
    {
        var name = new Argument<string?>("drill") { Description = "Name of a shipped drill, or a *.drill.json file.", Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "Lists the shipped drills." };
        var report = new Option<string?>("--report") { Description = "Writes the report as one HTML file.", HelpName = "FILE" };
        var limit = new Option<int>("--limit") { Description = "Seconds after which the drill is given up, 10 to 3600.", DefaultValueFactory = _ => 180, HelpName = "SECONDS" };
        var output = CommandLine.OutputOption("text", "json");
        var command = new Command("drill", "Plays an attack through detection, warning, acknowledgement, approvals, playbook and lift, on a temporary folder and free loopback ports. Nothing real is called: targets are answered by the drill's recording. Exit code 0 where all went as the drill expects, 2 where not, 1 where it could not be run.\n\nExample:\n  ./run drill ransomware --report out.html\n  ./run drill --list") { name, list, report, limit, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() =>
            parsed.GetValue(list) ? Task.FromResult(List(parsed.GetValue(output) == "json"))
            : parsed.GetValue(name) is { Length: > 0 } drill ? RunAsync(drill, parsed.GetValue(report), parsed.GetValue(limit), parsed.GetValue(output) == "json", cancellation)
            : throw new CommandException("Name a drill, or list them: ./run drill --list")));
        return command;
    }

    private static int List(bool json)
    {
        using var services = Services();
        var library = services.GetRequiredService<IDrillLibrary>();
        if (json) System.Console.WriteLine(JsonSerializer.Serialize(library.All, Json));
        else foreach (var drill in library.All) System.Console.WriteLine($"{drill.Name,-28} {drill.Level,-7} {drill.Title}");
        foreach (var (file, faults) in library.Refused) System.Console.Error.WriteLine($"{file}{DrillReader.Ending} is refused: {string.Join("; ", faults)}");
        return library.Refused.Count > 0 ? 1 : 0;
    }

    private static async Task<int> RunAsync(string name, string? html, int limit, bool json, CancellationToken cancellation)
    {
        if (limit is < 10 or > 3_600) throw new CommandException("--limit is 10 to 3600 seconds.");
        var (drill, playbook) = Find(name);
        using var clock = new CancellationTokenSource(TimeSpan.FromSeconds(limit), TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        DrillReport report;
        try
        {
            report = await new DrillRunner(drill, playbook, TimeProvider.System).RunAsync(both.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new CommandException($"The drill was given up after {limit} seconds (--limit).");
        }
        if (html is not null) await WriteAsync(html, DrillPage.Render(report), cancellation);
        if (json) System.Console.WriteLine(JsonSerializer.Serialize(report, Json));
        else Print(report);
        return report.Passed ? 0 : 2;
    }

    private static void Print(DrillReport report)
    {
        System.Console.WriteLine($"Drill   {report.Title}");
        foreach (var stage in report.Stages)
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage.At / 1_000,9:0.000} s  +{stage.Took / 1_000,7:0.000}  {stage.Kind,-15} {stage.What}{(stage.Who.Length > 0 ? $" ({stage.Who})" : "")}"));
        foreach (var fault in report.Faults) System.Console.WriteLine($"Fault   {fault}");
        System.Console.WriteLine(report.Passed ? "Passed" : "Failed");
    }

    private static async Task WriteAsync(string file, string text, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} can't be written: {fault.Message}");
        }
    }

    /// <summary>A shipped drill by its name; or a file, with the playbook beside it or one folder up.</summary>
    private static (Drill Drill, string? Playbook) Find(string name)
    {
        if (!name.EndsWith(DrillReader.Ending, StringComparison.Ordinal))
        {
            using var services = Services();
            var library = services.GetRequiredService<IDrillLibrary>();
            if (library.Find(name) is { } shipped) return (shipped, null);
            throw new CommandException(library.Refused.TryGetValue(name, out var faults) ? $"The drill {name} is refused: {string.Join("; ", faults)}" : $"There is no drill '{name}': ./run drill --list names them.");
        }
        if (!File.Exists(name)) throw new CommandException($"{name} does not exist.");
        if (new FileInfo(name).Length > DrillReader.MaxBytes) throw new CommandException($"{name}: a drill has at most {DrillReader.MaxBytes} bytes.");
        var (drill, wrong) = DrillReader.Read(File.ReadAllBytes(name), Path.GetFileName(name)[..^DrillReader.Ending.Length]);
        return drill is null ? throw new CommandException($"{name}: {string.Join("; ", wrong)}") : (drill, Beside(name, drill.Playbook));
    }

    private static string? Beside(string file, string playbook)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        foreach (var near in new[] { folder, Path.GetDirectoryName(folder) }.OfType<string>())
            foreach (var one in Directory.EnumerateFiles(near, "*.json").Where(f => !f.EndsWith(DrillReader.Ending, StringComparison.Ordinal) && new FileInfo(f).Length <= 1024 * 1024).Order(StringComparer.Ordinal).Take(1_000))
                if (IdOf(one) == playbook) return one;
        return null;
    }

    private static string? IdOf(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ServiceProvider Services() => new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
        .AddSingleton<Events.IStateDatabase, NoState>().AddAlerting(new AlertingOptions()).BuildServiceProvider();
}
