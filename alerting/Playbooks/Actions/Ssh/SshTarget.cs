using System.Globalization;

namespace Beacon.Alerting.Playbooks.Actions.Ssh;

/// <summary>Where a target is reached over ssh.</summary>
internal sealed record SshTarget(string Host, int Port)
{
    /// <summary>Null where its address or port, variables filled in, is none.</summary>
    public static SshTarget? Of(AgentTarget target, Func<string, string?> variable)
    {
        string? First(string kind) => target.Addresses.TryGetValue(kind, out var values) && values.Count > 0 ? VariableReference.Fill(values[0], variable).Trim() : null;
        if ((First("dname") ?? First("ipv4") ?? First("ipv6")) is not { } host || Uri.CheckHostName(host) == UriHostNameType.Unknown) return null;
        var port = target.Port is null ? "22" : VariableReference.Fill(target.Port, variable);
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536 ? new SshTarget(host, number) : null;
    }
}
