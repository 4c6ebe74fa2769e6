using System.CommandLine;
using System.Text.Json;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Commands.Rules;

/// <summary>Reads rules and says everything that is wrong with them.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = RulesCommand.PathArgument();
        var pipelines = PipelineOption.Create();
        var output = CommandLine.OutputOption("text", "json", "sarif");
        var command = new Command("check",
            "Reads rules and prints, with file, line and column, what is refused (errors), and what breaks SigmaHQ's conventions or can match nothing (warnings and notes). Exit code 1 where there is an error.\n\nExample:\n  ./run rules check detection/rules --output json\n  ./run rules check sigma/rules --output sarif > rules.sarif") { paths, pipelines, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() =>
        {
            var check = RuleCheck.Run(parsed.GetValue(paths)!.SelectMany(RulePaths.Enumerate), PipelineOption.Read(parsed.GetValue(pipelines) ?? []), cancellation: cancellation);
            switch (parsed.GetValue(output))
            {
                case "json":
                    System.Console.Out.WriteLine(Json(check));
                    break;
                case "sarif":
                    System.Console.Out.WriteLine(SarifReport.Write(check, Environment.CurrentDirectory));
                    break;
                default:
                    foreach (var finding in check.Findings) System.Console.Out.WriteLine(TerminalText.Clean(finding.ToString()));
                    System.Console.Error.WriteLine($"{check.Rules} rules, {check.Blind} of them blind, {Count(check, FaultSeverity.Error)} errors, {Count(check, FaultSeverity.Warning)} warnings, {Count(check, FaultSeverity.Info)} notes");
                    break;
            }
            return Task.FromResult(check.HasErrors ? 1 : 0);
        }));
        return command;
    }

    internal static string Json(RuleCheck check) => JsonSerializer.Serialize(
        new CheckReport(check.Rules, check.Blind, [.. check.Findings.Select(static f => new CheckFinding(f.File, f.Line, f.Column, f.Code, Word(f.Severity), f.Message.ToString(), f.Hint.ToString()))]), CheckJson.Default.CheckReport);

    private static string Word(FaultSeverity severity) => severity switch { FaultSeverity.Error => "error", FaultSeverity.Warning => "warning", _ => "info" };

    private static int Count(RuleCheck check, FaultSeverity severity) => check.Findings.Count(f => f.Severity == severity);
}
