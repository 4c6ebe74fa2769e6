using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Playbooks.Actions;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>Which steps wait for approval, whose and how long.</summary>
internal sealed class ApprovalRules(PlaybookActions actions, IOptions<AlertingOptions> options)
{
    private PlaybookOptions Settings => options.Value.Playbooks;

    public bool Wanted(PlaybookStep step) => step.IsAutomatic && (step.Extension?.Approval ?? (Settings.ApprovalRequired && actions.ChangesTarget(step)));
    public string RoleOf(PlaybookStep step) => step.Extension?.ApprovalRole ?? Settings.ApprovalRole;
    public TimeSpan ExpiryOf(PlaybookStep step) => step.Extension?.ApprovalExpiry ?? Settings.ApprovalExpiry;

    /// <summary>Of what is approved: the commands with the values of this moment.</summary>
    public static string Digest(ActionCall call, IReadOnlyList<string> commands)
    {
        var text = new StringBuilder();
        void Add(string part) => text.Append(part.Length).Append(':').Append(part);
        foreach (var line in commands) Add(line);
        foreach (var command in call.Step.Commands)
        {
            Add(VariableReference.Fill(command.Text, call.Variable));
            Add(VariableReference.Fill(command.Content, call.Variable));
            foreach (var header in command.Headers) Add(header.Key + VariableReference.Fill(string.Join('\n', header.Value), call.Variable));
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
