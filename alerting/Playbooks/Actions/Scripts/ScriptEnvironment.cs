using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>All that a script finds in its environment: a short fixed list, the variables that its step takes or its text names, its target's credentials.</summary>
internal static class ScriptEnvironment
{
    /// <summary>Names and values together, bytes: well below what Linux takes.</summary>
    public const int MaxBytes = 512 * 1024;

    public static (Dictionary<string, string>? Environment, Phrase? Fault) Make(ActionCall call, PlaybookCommand command, ScriptOptions options, ScriptAccount account, string folder, PlaybookSecret? secret)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = options.Path, ["HOME"] = folder, ["TMPDIR"] = folder, ["USER"] = account.Name, ["LOGNAME"] = account.Name, ["LANG"] = "C.UTF-8", ["NO_COLOR"] = "1",
            ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["POWERSHELL_UPDATECHECK"] = "Off", ["BEACON_IDEMPOTENCY_KEY"] = call.IdempotencyKey,
        };
        foreach (var (name, value) in Inputs(call, command))
        {
            if (value.Contains('\0')) return (null, $"the value of {name} has a NUL in it");
            environment[name] = value;
        }
        if (secret is not null)
        {
            if (secret.Parts.Append(secret.UserName).Any(p => p.Contains('\0'))) return (null, "the credentials have a NUL in them");
            environment["BEACON_USER"] = secret.UserName;
            if (secret.Secret.Length > 0) environment["BEACON_SECRET"] = secret.Secret;
            if (secret.PrivateKey.Length > 0) environment["BEACON_PRIVATE_KEY"] = secret.PrivateKey;
        }
        var bytes = environment.Sum(e => Encoding.UTF8.GetByteCount(e.Key) + Encoding.UTF8.GetByteCount(e.Value) + 2);
        return bytes > MaxBytes ? (null, $"its values have {bytes} bytes, more than {MaxBytes}") : (environment, null);
    }

    /// <summary>Variables that the step takes or the command names, as far as they have values.</summary>
    public static IEnumerable<(string Name, string Value)> Inputs(ActionCall call, PlaybookCommand command)
    {
        foreach (var name in call.Step.InArgs.Concat(VariableReference.In(command.Text)).Where(VariableReference.IsName).Distinct())
            if (call.Variable(name) is { } value) yield return (name, value);
    }
}
