using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Words;
using Beacon.Detections.Sigma;

namespace Beacon.Web.Commands.Rules;

/// <summary>Says in plain words what rules look for.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var paths = RulesCommand.PathArgument();
        var language = new Option<string>("--language") { Description = $"Language: {string.Join(", ", RuleWords.Languages)}.", DefaultValueFactory = _ => RuleWords.Languages[0], HelpName = "NAME" };
        language.AcceptOnlyFromAmong([.. RuleWords.Languages]);
        var output = CommandLine.OutputOption("text", "ndjson");
        var command = new Command("explain", "Says in plain words what each rule looks for, made from its condition. Exit code 1 where one is refused.\n\nExample:\n  ./run rules explain sigma/rules/windows/process_creation\n  ./run rules explain my_rule.yml --language zh-Hans") { paths, language, output };
        command.SetAction((parsed, _) => CommandLine.RunAsync(() =>
        {
            var (spoken, json, refused) = (parsed.GetValue(language)!, parsed.GetValue(output) == "ndjson", false);
            foreach (var file in parsed.GetValue(paths)!.SelectMany(RulePaths.Enumerate))
            {
                var read = SigmaReader.ReadFile(file);
                foreach (var fault in read.Faults.Where(static f => f.Severity == FaultSeverity.Error)) System.Console.Error.WriteLine(TerminalText.Clean(fault.ToString()));
                refused |= read.HasErrors;
                foreach (var correlation in read.Correlations)
                {
                    var joined = $"{correlation}: {string.Join(", ", correlation.Rules)}";
                    System.Console.Out.WriteLine(json ? JsonSerializer.Serialize(new ExplainedRule(correlation.File, correlation.Id, correlation.Title, joined), ExplainJson.Default.ExplainedRule) : $"{TerminalText.Clean(correlation.Title)}\n  {TerminalText.Clean(joined)}");
                }
                foreach (var rule in read.Rules) System.Console.Out.WriteLine(json ? Json(rule, spoken) : $"{TerminalText.Clean(rule.Title)}\n  {TerminalText.Clean(RuleWords.Of(rule, spoken))}");
            }
            return Task.FromResult(refused ? 1 : 0);
        }));
        return command;
    }

    private static string Json(SigmaRule rule, string language) => JsonSerializer.Serialize(new ExplainedRule(rule.File, rule.Id, rule.Title, RuleWords.Of(rule, language)), ExplainJson.Default.ExplainedRule);
}

/// <summary>What `rules explain --output ndjson` prints of a rule.</summary>
internal sealed record ExplainedRule(string File, string Rule, string Title, string Question);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainedRule))]
internal sealed partial class ExplainJson : JsonSerializerContext;
