using Beacon.Events;
using static Beacon.Alerting.Playbooks.Shapes.CacaoParts;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>The objects of CACAO 2.0 as its specification demands them: sections 3 (playbook), 10 (data types). Vocabularies that end in "-ov" are open: any text.</summary>
internal static class CacaoShapes
{
    public const int MaxSteps = 500;

    private static readonly Shape Summary = Flags(
        "manual_playbook", "external_playbooks", "parallel_processing", "if_logic", "while_logic", "switch_logic", "temporal_logic", "data_markings", "digital_signatures", "countersigned_signatures", "extensions");

    private static readonly Shape ExtensionDefinition = new ObjectShape().Wants("type", new TextShape(50, "extension-definition")).Wants("name", Line).May("description", Line)
        .Wants("created_by", Id).Wants("schema", Line).Wants("version", Line).May("external_references", References);

    private static readonly Shape Signature = new AlsoShape(SignatureShape(2), (value, path, faults) =>
    {
        var keys = new[] { "public_key", "public_cert_chain", "cert_url", "thumbprint" }.Count(k => value.TryGetProperty(k, out _));
        if (keys != 1) faults.Add(PlaybookFaults.Property, path, "has exactly one of public_key, public_cert_chain, cert_url and thumbprint");
    });

    /// <summary>A whole playbook.</summary>
    public static Shape Playbook { get; } = new ObjectShape()
        .Wants("type", new TextShape(50, "playbook")).Wants("spec_version", new TextShape(50, "cacao-2.0")).Wants("id", new IdentifierShape("playbook")).Wants("name", Line).May("description", Line)
        .May("playbook_types", new ListShape(Line)).May("playbook_activities", Lines).May("playbook_processing_summary", Summary)
        .Wants("created_by", Id).Wants("created", Time).Wants("modified", Time).May("revoked", Flag).May("valid_from", Time).May("valid_until", Time).May("derived_from", Ids).May("related_to", Ids)
        .May("priority", new WholeShape(0, 100)).May("severity", new WholeShape(0, 100)).May("impact", new WholeShape(0, 100))
        .May("industry_sectors", Lines).May("labels", Lines).May("external_references", References).May("markings", Ids).May("playbook_variables", Variables)
        .Wants("workflow_start", Id).May("workflow_exception", Id)
        .Wants("workflow", new MapShape(k => IdOr(k), (_, step) => WorkflowShapes.Step(step), PlaybookFaults.Identifier, most: MaxSteps))
        .May("playbook_extensions", Extensions)
        .May("authentication_info_definitions", new MapShape(k => IdOr(k), DefinitionShapes.Authentication, PlaybookFaults.Identifier, 1))
        .May("agent_definitions", new MapShape(k => IdOr(k), DefinitionShapes.AgentTarget, PlaybookFaults.Identifier, 1))
        .May("target_definitions", new MapShape(k => IdOr(k), DefinitionShapes.AgentTarget, PlaybookFaults.Identifier, 1))
        .May("extension_definitions", new MapShape(k => k.StartsWith("extension-definition--", StringComparison.Ordinal) ? IdOr(k) : (Phrase)"is the id of an extension definition", (_, _) => ExtensionDefinition, PlaybookFaults.Identifier))
        .May("data_marking_definitions", new MapShape(k => IdOr(k), DefinitionShapes.Marking, PlaybookFaults.Identifier))
        .May("signatures", new ListShape(Signature, 1, 20));

    private static ObjectShape Flags(params string[] names)
    {
        var shape = new ObjectShape();
        foreach (var name in names) shape.May(name, Flag);
        return shape;
    }

    /// <param name="within">How many counter-signatures may stand within each other.</param>
    private static ObjectShape SignatureShape(int within)
    {
        var shape = new ObjectShape().Wants("type", new TextShape(50, "jss")).Wants("id", Id).May("created_by", Id).Wants("created", Time).Wants("modified", Time).May("revoked", Flag)
            .Wants("signee", Line).May("valid_from", Time).May("valid_until", Time).Wants("related_to", Id).Wants("related_version", Time).Wants("hash_algorithm", Line).Wants("algorithm", Line)
            .May("public_key", Line).May("public_cert_chain", Lines).May("cert_url", Line).May("thumbprint", Line).Wants("value", Line);
        return within > 0 ? shape.May("signature", SignatureShape(within - 1)) : shape;
    }
}
