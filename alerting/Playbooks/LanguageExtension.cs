using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Playbooks.Shapes;
using Beacon.Events;
using static Beacon.Alerting.Playbooks.Shapes.CacaoParts;

namespace Beacon.Alerting.Playbooks;

/// <summary>
/// Our extension of a playbook that holds its texts in other languages (CACAO 2.0 has extensions for what it lacks):
/// <c>playbook_extensions.ID.LANGUAGE</c> with <c>name</c>, <c>description</c>, <c>steps</c>, <c>agents</c>, <c>variables</c>.
/// </summary>
internal static class LanguageExtension
{
    public const string Id = "extension-definition--4c8d2a61-93b7-4f5e-8a10-6d7b2e9f0c35";

    private static readonly Shape Step = new ObjectShape().May("name", Line).May("description", Line).May("commands", Lines);

    private static readonly Shape Language = new ObjectShape().May("name", Line).May("description", Line)
        .May("steps", new MapShape(k => IdOr(k), (_, _) => Step, PlaybookFaults.Identifier)).May("agents", new MapShape(k => IdOr(k), (_, _) => Line, PlaybookFaults.Identifier)).May("variables", new MapShape(Line));

    /// <summary>Languages of one playbook.</summary>
    public const int Most = 20;

    public static Dictionary<string, PlaybookWords> Read(JsonElement root) =>
        Own(root) is not { } own ? [] : Languages(own).DistinctBy(l => l.Name, StringComparer.OrdinalIgnoreCase).Take(Most).ToDictionary(l => l.Name, l => Words(l.Value));

    /// <summary>Languages that are named as such, texts that name what is there, and the same variables in each.</summary>
    public static void Check(JsonElement root, Playbook playbook, PlaybookFaults faults)
    {
        if (Own(root) is not { } own) return;
        var at = PlaybookFaults.Path("$.playbook_extensions", Id);
        if (own.EnumerateObject().Count() > Most) faults.Add(PlaybookFaults.Property, at, $"has at most {Most} languages");
        foreach (var language in own.EnumerateObject().Take(Most))
        {
            var path = PlaybookFaults.Path(at, language.Name);
            if (!IsLanguage(language.Name)) faults.Add(PlaybookFaults.Property, path, "is no language tag such as 'zh-Hans' (BCP 47)");
            else
            {
                Language.Check(language.Value, path, faults);
                if (language.Value.ValueKind == JsonValueKind.Object) Check(language.Value, Words(language.Value), path, playbook, faults);
            }
        }
    }

    private static void Check(JsonElement value, PlaybookWords words, string path, Playbook playbook, PlaybookFaults faults)
    {
        foreach (var member in value.EnumerateObject().Where(m => m.Name is not ("name" or "description" or "steps" or "agents" or "variables")))
            faults.Add(PlaybookFaults.Property, PlaybookFaults.Path(path, member.Name), "is unknown; there are name, description, steps, agents and variables");
        foreach (var name in words.Agents.Keys.Where(a => !playbook.Agents.ContainsKey(a))) faults.Add(PlaybookFaults.Undefined, PlaybookFaults.Path(path + ".agents", name), "is no agent or target of the playbook");
        foreach (var name in words.Variables.Keys.Where(v => !playbook.Variables.ContainsKey(v))) faults.Add(PlaybookFaults.Undefined, PlaybookFaults.Path(path + ".variables", name), "is no variable of the playbook");
        foreach (var (id, own) in words.Steps)
        {
            var at = PlaybookFaults.Path(path + ".steps", id);
            if (!playbook.Steps.TryGetValue(id, out var step))
            {
                faults.Add(PlaybookFaults.Undefined, at, "is no step of the playbook");
                continue;
            }
            Same(step.Description, own.Description, at + ".description", faults);
            if (own.Commands.Count == 0) continue;
            if (!step.IsManual || own.Commands.Count != step.Commands.Count)
                faults.Add(PlaybookFaults.Property, at + ".commands", step.IsManual ? (Phrase)$"has {own.Commands.Count} texts, the step {step.Commands.Count} commands" : "only what people read is translated: the step's commands are no manual ones");
            else for (var i = 0; i < own.Commands.Count; i++) Same(step.Commands[i].Text, own.Commands[i], $"{at}.commands[{i}]", faults);
        }
    }

    /// <summary>A value that one language leaves out is a person who acts on the wrong machine.</summary>
    private static void Same(string original, string? translated, string path, PlaybookFaults faults)
    {
        if (translated is not null && !VariableReference.In(original).ToHashSet().SetEquals(VariableReference.In(translated))) faults.Add(PlaybookFaults.Variable, path, "does not name the same variables as the document's own text");
    }

    private static PlaybookWords Words(JsonElement language) => new(PlaybookReader.String(language, "name"), PlaybookReader.String(language, "description"),
        PlaybookReader.Entries(language, "steps").DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => new StepWords(PlaybookReader.String(s.Value, "name"), PlaybookReader.String(s.Value, "description"), PlaybookReader.Strings(s.Value, "commands"))),
        Texts(language, "agents"), Texts(language, "variables"));

    private static Dictionary<string, string> Texts(JsonElement parent, string name) =>
        PlaybookReader.Entries(parent, name).Where(t => t.Value.ValueKind == JsonValueKind.String).DistinctBy(t => t.Name).ToDictionary(t => t.Name, t => t.Value.GetString()!);

    private static IEnumerable<(string Name, JsonElement Value)> Languages(JsonElement own) => own.EnumerateObject().Where(l => l.Value.ValueKind == JsonValueKind.Object && IsLanguage(l.Name)).Select(l => (l.Name, l.Value));

    private static bool IsLanguage(string name)
    {
        if (name.Length is < 2 or > 35 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return false;
        try
        {
            return CultureInfo.GetCultureInfo(name).Name.Length > 0;
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }

    private static JsonElement? Own(JsonElement root) =>
        PlaybookReader.Entries(root, "playbook_extensions").Where(e => e.Name == Id && e.Value.ValueKind == JsonValueKind.Object).Select(e => (JsonElement?)e.Value).FirstOrDefault();
}
