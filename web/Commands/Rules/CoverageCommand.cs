using System.CommandLine;
using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Rules;

/// <summary>Writes which techniques rules look for, for the ATT&amp;CK Navigator.</summary>
internal static class CoverageCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Sigma rule files or folders; the shipped rules where it is left out.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string>("--output") { Description = "File to write; stdout where it is left out.", HelpName = "FILE" };
        var pipelines = PipelineOption.Create();
        var domain = new Option<string>("--domain") { Description = "Matrix: enterprise or ics.", DefaultValueFactory = _ => "enterprise", HelpName = "NAME" };
        domain.AcceptOnlyFromAmong("enterprise", "ics");
        var command = new Command("coverage",
            "Writes a layer for the ATT&CK Navigator (format 4.5): the score of a technique is the number of its rules; where every rule is blind, it is grey. Exit code 1 where a rule is refused.\n\nExample:\n  ./run rules coverage --output coverage.json\n  ./run rules coverage sigma/rules --domain ics --output ics.json") { paths, pipelines, file, domain };
        command.SetAction((parsed, _) => CommandLine.RunAsync(() =>
        {
            var named = parsed.GetValue(paths) is { Length: > 0 } given ? given : [RulePaths.Shipped];
            var load = RuleLoad.From([.. named.SelectMany(RulePaths.Enumerate)], null, PipelineOption.Read(parsed.GetValue(pipelines) ?? []));
            foreach (var fault in load.Faults.Where(static f => f.Severity == FaultSeverity.Error)) System.Console.Error.WriteLine(TerminalText.Clean(fault.ToString()));
            if (load.Rules.Count == 0) throw new CommandException("There is no rule in what was named.");
            var layer = Layer(load, parsed.GetValue(domain) == "ics" ? AttackDomain.Ics : AttackDomain.Enterprise);
            Write(layer, parsed.GetValue(file));
            System.Console.Error.WriteLine($"{layer.Rules} rules, {layer.Counted} of them name {layer.Covered} techniques; of {layer.BlindOnly} of these every rule is blind");
            if (layer.Unknown.Count > 0) System.Console.Error.WriteLine("left out, since ATT&CK does not have them: " + string.Join(", ", layer.Unknown.Take(50)));
            return Task.FromResult(load.Refused > 0 ? 1 : 0);
        }));
        return command;
    }

    internal static AttackLayer Layer(RuleLoad load, AttackDomain domain) =>
        new(domain, domain == AttackDomain.Ics ? "Beacon: ICS" : "Beacon: Enterprise", load.Set.Rules.Select(static r => new LayerRule(r.Rule.Id, r.Rule.Title, r.Rule.Tags, r.BlindReason is not null))
            .Concat(load.Correlations.Correlations.Select(static c => new LayerRule(c.Rule.Id, c.Rule.Title, c.Rule.Tags, c.BlindReason is not null))));

    private static void Write(AttackLayer layer, string? file)
    {
        try
        {
            using var output = file is null ? System.Console.OpenStandardOutput() : File.Create(file);
            layer.Write(output);
            output.Write("\n"u8);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The layer cannot be written: {fault.Message}");
        }
    }
}
