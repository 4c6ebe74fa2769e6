using System.CommandLine;
using System.Text.Json;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Checks rules and runs their cases.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        var command = new Command("rules", "Works with Sigma rules.\n\nExample:\n  ./run rules check detection/rules");
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Test());
        return command;
    }

    private static Command Check()
    {
        var paths = new Argument<string[]>("path") { Description = "Rule files or folders.", Arity = ArgumentArity.OneOrMore };
        var output = CommandLine.OutputOption("text", "json");
        var command = new Command("check", "Reads rules and prints every fault with file, line and column. Exit code 1 where one is refused.\n\nExample:\n  ./run rules check detection/rules --output json") { paths, output };
        command.SetAction((parsed, _) => CommandLine.RunAsync(() =>
        {
            var rules = new List<SigmaRule>();
            var faults = new List<SigmaFault>();
            foreach (var file in parsed.GetValue(paths)!.SelectMany(RulePaths.Enumerate))
            {
                var read = SigmaReader.ReadFile(file);
                rules.AddRange(read.Rules);
                faults.AddRange(read.Faults);
            }
            var blind = rules.Count(r => RuleSet.BlindReasonOf(r) is not null);
            if (parsed.GetValue(output) == "json")
            {
                System.Console.WriteLine(JsonSerializer.Serialize(new
                {
                    rules = rules.Count, blind,
                    findings = faults.Select(f => new { file = f.File, line = f.Line, column = f.Column, code = f.Code, severity = f.Severity.ToString().ToLowerInvariant(), message = f.Message, hint = f.Hint }),
                }));
            }
            else
            {
                foreach (var fault in faults) System.Console.WriteLine(fault.ToString());
                System.Console.Error.WriteLine($"{rules.Count} rules, {blind} of them blind, {faults.Count(f => f.Severity == FaultSeverity.Error)} errors, {faults.Count(f => f.Severity != FaultSeverity.Error)} warnings");
            }
            return Task.FromResult(faults.Any(f => f.Severity == FaultSeverity.Error) ? 1 : 0);
        }));
        return command;
    }

    private static Command Test()
    {
        var paths = new Argument<string[]>("path") { Description = "Rule files or folders.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("test", "Runs the cases beside each rule (x.cases.yml): events that must match and events that must not. Exit code 1 where one differs.\n\nExample:\n  ./run rules test detection/rules") { paths };
        command.SetAction((parsed, _) => CommandLine.RunAsync(() =>
        {
            int cases = 0, failed = 0, rules = 0;
            foreach (var file in parsed.GetValue(paths)!.SelectMany(RulePaths.Enumerate))
            {
                var result = RuleCases.Run(file);
                rules++;
                cases += result.Cases.Count;
                foreach (var fault in result.Faults) System.Console.WriteLine(fault.ToString());
                foreach (var differs in result.Cases.Where(c => !c.Passed))
                    System.Console.WriteLine($"{differs.File}:{differs.Line}: '{differs.Name}' {(differs.Expected ? "must match and does not" : "must not match and does: " + string.Join(", ", differs.Matched.Select(m => $"{m.Field}={m.Value}")))}");
                failed += result.Cases.Count(c => !c.Passed) + result.Faults.Count(f => f.Severity == FaultSeverity.Error);
            }
            System.Console.Error.WriteLine($"{rules} rules with {cases} cases, {failed} differ");
            return Task.FromResult(failed == 0 ? 0 : 1);
        }));
        return command;
    }
}
