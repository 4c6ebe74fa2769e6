using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Playbooks.Actions.Outgoing;

namespace Beacon.Alerting.Playbooks.Actions.HttpApi;

/// <summary>Calls HTTP targets through <see cref="OutgoingHttp"/>.</summary>
internal sealed class HttpApiAction(OutgoingHttp http) : IPlaybookAction
{
    public IReadOnlyList<string> CommandTypes { get; } = ["http-api"];
    public TimeSpan TimeLimit => http.TimeLimit;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) => HttpRequestBuilder.Check(playbook, step, command, path, faults);

    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => HttpRequestBuilder.MethodOf(command) is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";

    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => HttpRequestBuilder.MethodOf(command) is not ("GET" or "HEAD" or "OPTIONS");

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        return fault is null ? [.. calls.Select(x => Text.Cut($"{HttpRequestBuilder.MethodOf(command)} {OutgoingHttp.Shown(x.Uri)}", 500))] : [Text.Cut(command.Text, 300) + " (" + fault + ")"];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var said = new List<string>();
        var outputs = new Dictionary<string, string>();
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        if (fault is not null) return ActionResult.Failure(fault);
        var n = 0;
        foreach (var (uri, target) in calls)
        {
            var result = await CallAsync(call, command, uri, target, $"{call.IdempotencyKey}-{n++}", outputs, cancellation).ConfigureAwait(false);
            said.Add(result.Said);
            if (!result.Succeeded) return new ActionResult(false, string.Join("; ", said), outputs);
        }
        return new ActionResult(true, string.Join("; ", said), outputs);
    }

    private async Task<ActionResult> CallAsync(
        ActionCall call, PlaybookCommand command, Uri uri, AgentTarget? target, string key, Dictionary<string, string> outputs, CancellationToken cancellation)
    {
        if (http.Refusal(uri, HttpRequestBuilder.MethodOf(command), target?.Authentication is not null) is { } refused) return ActionResult.Failure(refused);
        var (secret, unknown) = await call.SecretOfAsync(target, cancellation).ConfigureAwait(false);
        if (unknown is not null) return ActionResult.Failure(unknown);
        var (request, fault) = HttpRequestBuilder.Build(call, command, uri, target, secret, key);
        if (request is null) return ActionResult.Failure(fault!);
        using (request)
        {
            var answer = await http.SendAsync(request, call.Step.Timeout, cancellation).ConfigureAwait(false);
            // Masked before it is cut: half a secret would be found by nobody later.
            if (answer.Status != 0) Take(call.Step, answer.Status, call.Mask(answer.Body), outputs);
            return new ActionResult(answer.Succeeded, answer.Said.ToString(), outputs);
        }
    }

    /// <summary>out_args: __http_status__ takes the status, __http_body__ the text, any other the JSON member of its name.</summary>
    private static void Take(PlaybookStep step, int status, string body, Dictionary<string, string> outputs)
    {
        if (step.OutArgs.Count == 0) return;
        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException)
        {
            // Not JSON: the members it might have had stay as they are.
        }
        using (json)
        {
            foreach (var name in step.OutArgs)
            {
                var member = name.Trim('_');
                if (member == "http_status") outputs[name] = status.ToString(CultureInfo.InvariantCulture);
                else if (member == "http_body") outputs[name] = Text.Cut(body, VariableTypes.MaxValueLength);
                else if (json?.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(member, out var value))
                    outputs[name] = Text.Cut(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), VariableTypes.MaxValueLength);
            }
        }
    }
}
