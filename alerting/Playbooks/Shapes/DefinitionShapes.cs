using System.Text.Json;
using static Beacon.Alerting.Playbooks.Shapes.CacaoParts;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <summary>Sections 6 (authentication), 7 (agents and targets) and 9 (data markings).</summary>
internal static class DefinitionShapes
{
    private static readonly string[] Regions =
    [
        "africa", "eastern-africa", "middle-africa", "northern-africa", "southern-africa", "western-africa", "americas", "caribbean", "central-america", "latin-america-caribbean", "northern-america",
        "south-america", "asia", "central-asia", "eastern-asia", "southern-asia", "south-eastern-asia", "western-asia", "europe", "eastern-europe", "northern-europe", "southern-europe", "western-europe",
        "oceania", "antarctica", "australia-new-zealand", "melanesia", "micronesia", "polynesia",
    ];

    private static readonly Shape Location = new ObjectShape().May("name", Line).May("description", Line).May("building_details", Line).May("network_details", Line).May("region", new TextShape(50, Regions))
        .May("country", Line).May("administrative_area", Line).May("city", Line).May("street_address", Line).May("postal_code", Line).May("latitude", Line).May("longitude", Line).May("precision", Line);

    private static readonly Shape Contact = new ObjectShape().May("email", new MapShape(Line)).May("phone", new MapShape(Line)).May("contact_details", Line);

    private static readonly ObjectShape AnyTarget = new ObjectShape().Wants("type", Line).Wants("name", Line).May("description", Line).May("location", Location).May("agent_target_extensions", Extensions);

    private static readonly Shape Addresses = new AddressShape();
    private static readonly ObjectShape Reached = AnyTarget.And().Wants("address", Addresses).May("port", Line).May("authentication_info", Id).May("category", Lines);
    private static readonly ObjectShape Reachable = AnyTarget.And().May("contact", Contact);

    private static readonly Dictionary<string, Shape> Targets = new()
    {
        ["group"] = Reachable, ["individual"] = Reachable, ["organization"] = Reachable, ["location"] = AnyTarget.And().May("logical", Lines), ["sector"] = AnyTarget.And().Wants("sector", Line),
        ["http-api"] = Reached, ["linux"] = Reached, ["net-address"] = Reached, ["ssh"] = Reached, ["security-category"] = AnyTarget.And().Wants("category", Lines),
    };

    /// <summary>By the type in the id, which the object's own type must repeat. Types of others' making have what all have.</summary>
    public static Shape AgentTarget(string id, JsonElement value) => Typed(id, value, Targets, AnyTarget.And().May("address", Addresses).May("port", Line).May("authentication_info", Id));

    private static readonly ObjectShape AnyAuthentication = new ObjectShape().Wants("type", Line).May("name", Line).May("description", Line).May("kms", Flag).May("kms_key_identifier", Line).May("authentication_info_extensions", Extensions);

    private static readonly Dictionary<string, Shape> Authentications = new()
    {
        ["http-basic"] = AnyAuthentication.And().May("user_id", Line).May("password", Line), ["user-auth"] = AnyAuthentication.And().May("username", Line).May("password", Line),
        ["oauth2"] = AnyAuthentication.And().Wants("oauth_header", Line).Wants("token", Line),
    };

    public static Shape Authentication(string id, JsonElement value) => Typed(id, value, Authentications, AnyAuthentication);

    private static readonly ObjectShape AnyMarking = new ObjectShape().Wants("type", new TextShape(50, "marking-statement", "marking-tlp", "marking-iep")).Wants("id", Id).May("name", Line).May("description", Line)
        .Wants("created_by", Id).Wants("created", Time).May("revoked", Flag).May("valid_from", Time).May("valid_until", Time).May("labels", Lines).May("external_references", References).May("marking_extensions", Extensions);

    private static readonly Dictionary<string, Shape> Markings = new()
    {
        ["marking-statement"] = AnyMarking.And().Wants("statement", Line),
        ["marking-tlp"] = AnyMarking.And().Wants("tlpv2_level", new TextShape(50, "TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:GREEN", "TLP:CLEAR")),
        ["marking-iep"] = AnyMarking.And().Wants("name", Line).Wants("description", Line).Wants("tlp", Line).Wants("iep_version", new WholeShape(0, 1_000)).Wants("start_date", Time).Wants("end_date", new TimestampShape(orNull: true))
            .Wants("encrypt_in_transit", Line).Wants("permitted_actions", Line).Wants("affected_party_notifications", Line).Wants("attribution", Line).Wants("unmodified_resale", Line).Wants("external_references", new ListShape(Line)),
    };

    public static Shape Marking(string id, JsonElement value) => new AlsoShape(Typed(id, value, Markings, AnyMarking), (marking, path, faults) =>
    {
        if (marking.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String && own.GetString() != id) faults.Add(PlaybookFaults.Identifier, path + ".id", "is not the id under which it stands");
    });

    private static Shape Typed(string id, JsonElement value, Dictionary<string, Shape> known, Shape other)
    {
        var prefix = id.Split("--")[0];
        if (!known.TryGetValue(prefix, out var shape)) return other;
        return TypeOf(value) is { } type && type != prefix
            ? new AlsoShape(shape, (_, path, faults) => faults.Add(PlaybookFaults.Property, path + ".type", $"'{Text.Cut(type, 50)}' is not the id's type '{prefix}'")) : shape;
    }
}
