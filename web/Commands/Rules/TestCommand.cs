using System.CommandLine;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;

namespace Beacon.Web.Commands.Rules;

/// <summary>Runs the cases beside rules.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var paths = RulesCommand.PathArgument();
        var command = new Command("test", "Runs the cases beside each rule (x.cases.yml): events that must match and events that must not; for a scheduled rule, events in time and what must be detected. Where one differs, prints which selections held, and what stood in the event beside what was looked for. Exit code 1 where one differs.\n\nExample:\n  ./run rules test detection/rules") { paths };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            int cases = 0, failed = 0, rules = 0;
            foreach (var file in parsed.GetValue(paths)!.SelectMany(static p => RulePaths.Enumerate(p, scheduled: true)))
            {
                var result = RulePaths.IsScheduled(file) ? await ScheduledCases.RunAsync(file, CaseStores.AddAsync, cancellation) : RuleCases.Run(file);
                rules++;
                cases += result.Cases.Count;
                foreach (var fault in result.Faults) System.Console.Out.WriteLine(TerminalText.Clean(fault.ToString()));
                foreach (var differs in result.Cases.Where(static c => !c.Passed)) System.Console.Out.Write(CaseDiff.Write(differs));
                failed += result.Cases.Count(static c => !c.Passed) + result.Faults.Count(static f => f.Severity == FaultSeverity.Error);
            }
            System.Console.Error.WriteLine($"{rules} rules with {cases} cases, {failed} differ");
            return failed == 0 ? 0 : 1;
        }));
        return command;
    }
}
