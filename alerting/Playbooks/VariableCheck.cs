using Beacon.Alerting.Playbooks.Conditions;

namespace Beacon.Alerting.Playbooks;

/// <summary>Variables are declared, hold what their type says, and constants stay what they are.</summary>
internal static class VariableCheck
{
    public static void Document(Playbook playbook, PlaybookFaults faults)
    {
        Values("$.playbook_variables", playbook.Variables, faults);
        foreach (var agent in playbook.Agents.Values)
        {
            foreach (var (kind, values) in agent.Addresses)
                foreach (var name in values.SelectMany(VariableReference.In))
                    if (!playbook.Variables.ContainsKey(name) && !playbook.Steps.Values.Any(s => s.Targets.Append(s.Agent).Contains(agent.Id) && s.Variables.ContainsKey(name)))
                        faults.Add(PlaybookFaults.Variable, $"{agent.Path}.address.{kind}", $"{name} is not declared");
        }
    }

    public static void Step(Playbook playbook, PlaybookStep step, string path, PlaybookFaults faults)
    {
        Values(path + ".step_variables", step.Variables, faults);
        void Declared(IEnumerable<string> names, string at)
        {
            foreach (var name in names.Distinct()) if (playbook.VariableOf(step, name) is null) faults.Add(PlaybookFaults.Variable, at, $"{Text.Cut(name, 100)} is not declared");
        }
        Declared(VariableReference.In(step.Description), path + ".description");
        for (var i = 0; i < step.Commands.Count; i++)
        {
            Declared(VariableReference.In(step.Commands[i].Text), $"{path}.commands[{i}].command");
            Declared(VariableReference.In(step.Commands[i].Content), $"{path}.commands[{i}].content");
            foreach (var (name, values) in step.Commands[i].Headers) Declared(values.SelectMany(VariableReference.In), PlaybookFaults.Path($"{path}.commands[{i}].headers", name));
        }
        for (var i = 0; i < step.InArgs.Count; i++) Declared([step.InArgs[i]], $"{path}.in_args[{i}]");
        for (var i = 0; i < step.OutArgs.Count; i++)
        {
            Declared([step.OutArgs[i]], $"{path}.out_args[{i}]");
            if (playbook.VariableOf(step, step.OutArgs[i]) is { Constant: true }) faults.Add(PlaybookFaults.Variable, $"{path}.out_args[{i}]", "is a constant: nothing can be written to it");
        }
        if (step.Condition is not null)
        {
            Declared(step.Condition.Variables, path + ".condition");
            foreach (var comparison in step.Condition.Comparisons) Literals(comparison, playbook.VariableOf(step, comparison.Variable)?.Type, path + ".condition", faults);
        }
        if (step.Type != StepTypes.Switch || step.Switch.Length == 0) return;
        Declared([step.Switch], path + ".switch");
        if (playbook.VariableOf(step, step.Switch) is { } looked)
            foreach (var one in step.Cases.Where(c => c.Value != SwitchCase.Default && !VariableTypes.Fits(looked.Type, c.Value)))
                faults.Add(PlaybookFaults.Variable, PlaybookFaults.Path(path + ".cases", one.Value), $"{looked.Name} is never this: it is of type {looked.Type}");
    }

    private static void Values(string path, IReadOnlyDictionary<string, PlaybookVariable> variables, PlaybookFaults faults)
    {
        foreach (var variable in variables.Values)
        {
            var at = PlaybookFaults.Path(path, variable.Name);
            if (!VariableTypes.Fits(variable.Type, variable.Value)) faults.Add(PlaybookFaults.Variable, at + ".value", $"is no {Text.Cut(variable.Type, 50)}");
            if (variable is { Constant: true, Value: null }) faults.Add(PlaybookFaults.Variable, at + ".value", "is wanted: a constant is never given one later");
        }
    }

    private static void Literals(Comparison comparison, string? type, string path, PlaybookFaults faults)
    {
        if (type is null) return;
        if (comparison.Operator is ComparisonOperator.IsSubset or ComparisonOperator.IsSuperset)
        {
            if (type is not ("ipv4-addr" or "ipv6-addr" or "string")) faults.Add(PlaybookFaults.Variable, path, $"{comparison.Variable} is of type {type}: only addresses lie within networks");
            return;
        }
        if (comparison.Operator is ComparisonOperator.Like or ComparisonOperator.Matches) return;
        foreach (var literal in comparison.Values.Where(l => !VariableTypes.Fits(l.Kind == LiteralKind.Number && type is "integer" or "long" ? "float" : type, l.Text)))
            faults.Add(PlaybookFaults.Variable, path, $"{comparison.Variable} is of type {type}, which '{Text.Cut(literal.Text, 50)}' is not");
    }
}
