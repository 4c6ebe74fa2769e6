using System.Text.Json;

namespace Beacon.Alerting.Playbooks;

/// <summary>Reads what our own extension says of a step or an agent.</summary>
internal static class StepExtensions
{
    private const long MaxExpiry = 30L * 86_400_000;

    public static StepExtension? Of(JsonElement step)
    {
        if (Own(step, "step_extensions") is not { } own) return null;
        return new StepExtension(Known(own, "role"), PlaybookReader.String(own, "approval") switch { "required" => true, "none" => false, _ => null }, Known(own, "approval_role"),
            PlaybookReader.Whole(own, "approval_expiry") is >= 1_000 and <= MaxExpiry and var expiry ? TimeSpan.FromMilliseconds(expiry) : null);
    }

    public static string? RoleOf(JsonElement agent) => Own(agent, "agent_target_extensions") is { } own ? Known(own, "role") : null;

    public static void Check(JsonElement parent, string name, string path, PlaybookFaults faults)
    {
        if (Own(parent, name) is not { } own) return;
        path = PlaybookFaults.Path($"{path}.{name}", StepExtension.Id);
        foreach (var role in new[] { "role", "approval_role" })
            if (own.TryGetProperty(role, out _) && Known(own, role) is null) faults.Add(PlaybookFaults.Property, $"{path}.{role}", $"is a role: {string.Join(", ", Roles)}");
        if (own.TryGetProperty("approval", out _) && PlaybookReader.String(own, "approval") is not ("required" or "none")) faults.Add(PlaybookFaults.Property, path + ".approval", "is 'required' or 'none'");
        if (own.TryGetProperty("approval_expiry", out _) && PlaybookReader.Whole(own, "approval_expiry") is not (>= 1_000 and <= MaxExpiry)) faults.Add(PlaybookFaults.Property, path + ".approval_expiry", "is milliseconds, 1,000 to 30 days");
    }

    private static readonly string[] Roles = [.. RoleNames.Ranked, RoleNames.Owner];

    private static string? Known(JsonElement own, string name) => PlaybookReader.String(own, name) is { } role && Roles.Contains(role, StringComparer.Ordinal) ? role : null;

    private static JsonElement? Own(JsonElement parent, string name) =>
        PlaybookReader.Entries(parent, name).Where(e => e.Name == StepExtension.Id && e.Value.ValueKind == JsonValueKind.Object).Select(e => (JsonElement?)e.Value).FirstOrDefault();
}
