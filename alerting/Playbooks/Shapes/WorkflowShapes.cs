using System.Text.Json;
using Beacon.Events;
using static Beacon.Alerting.Playbooks.Shapes.CacaoParts;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>Sections 4 (workflow steps) and 5 (commands).</summary>
internal static class WorkflowShapes
{
    private const long Year = 365L * 86_400_000;

    private static readonly ObjectShape AnyStep = new ObjectShape()
        .Wants("type", Line).May("name", Line).May("description", Line).May("external_references", References).May("delay", new WholeShape(1, Year)).May("timeout", new WholeShape(0, Year))
        .May("step_variables", Variables).May("owner", Id).May("on_completion", Id).May("on_success", Id).May("on_failure", Id).May("step_extensions", Extensions);

    private static readonly Shape Arguments = new ListShape(new TextShape(300), 1, 200, distinct: true);

    private static readonly Dictionary<string, Shape> Steps = new()
    {
        [StepTypes.Action] = AnyStep.And().Wants("commands", new ListShape(new CommandShape(), 1, 50)).Wants("agent", Id).May("targets", Ids).May("in_args", Arguments).May("out_args", Arguments),
        [StepTypes.PlaybookAction] = AnyStep.And().Wants("playbook_id", new IdentifierShape("playbook")).May("playbook_version", Time).May("in_args", Arguments).May("out_args", Arguments),
        [StepTypes.Parallel] = AnyStep.And().Wants("next_steps", new ListShape(Id, 2, 100)),
        [StepTypes.If] = AnyStep.And().Wants("condition", Line).Wants("on_true", Id).May("on_false", Id),
        [StepTypes.While] = AnyStep.And().Wants("condition", Line).Wants("on_true", Id),
        [StepTypes.Switch] = AnyStep.And().Wants("switch", Line).Wants("cases", new MapShape(k => k.Length is > 0 and <= 250 ? null : (Phrase)"a case has 1 to 250 characters", (_, _) => Id, least: 1, most: 100)),
    };

    public static Shape Step(JsonElement step) => Steps.GetValueOrDefault(TypeOf(step) ?? "", AnyStep);

    private static readonly ObjectShape AnyCommand = new ObjectShape().Wants("type", Line).May("description", Line).May("version", Line).May("playbook_activity", Line).May("external_references", References);

    private static readonly Shape Headers = new MapShape(new ListShape(Line));
    private static readonly Shape Encoded = new Base64Shape();

    /// <summary>Commands that may come as text or as base64: one of both is wanted.</summary>
    private static readonly Shape TextCommand = new AlsoShape(AnyCommand.And().May("command", Line).May("command_b64", Encoded), (value, path, faults) =>
    {
        if (!value.TryGetProperty("command", out _) && !value.TryGetProperty("command_b64", out _)) faults.Add(PlaybookFaults.Property, path + ".command", "is wanted, or command_b64");
    });

    private static readonly Shape EncodedCommand = AnyCommand.And().May("command", Line).Wants("command_b64", Encoded);

    private static readonly Dictionary<string, Shape> Commands = new()
    {
        ["manual"] = TextCommand, ["bash"] = TextCommand, ["ssh"] = TextCommand, ["powershell"] = TextCommand, ["caldera-cmd"] = TextCommand,
        ["http-api"] = AnyCommand.And().Wants("command", Line).May("headers", Headers).May("content", Line).May("content_b64", Encoded),
        ["openc2"] = AnyCommand.And().Wants("command", Line).May("headers", Headers).May("content", Line).Wants("content_b64", Encoded),
        ["openc2-http"] = AnyCommand.And().Wants("command", Line).May("headers", Headers).May("content", Line).Wants("content_b64", Encoded),
        ["elastic"] = EncodedCommand, ["jupyter"] = EncodedCommand, ["kestrel"] = EncodedCommand, ["sigma"] = EncodedCommand, ["yara"] = EncodedCommand,
    };

    private sealed class CommandShape : Shape
    {
        public override void Check(JsonElement value, string path, PlaybookFaults faults) => Commands.GetValueOrDefault(TypeOf(value) ?? "", AnyCommand).Check(value, path, faults);
    }
}
