using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.Outgoing;

namespace Beacon.Alerting.Playbooks.Actions.OpenC2;

/// <summary>
/// Sends OpenC2 commands (OpenC2 Language Specification 1.0) over HTTPS (Specification for Transfer of OpenC2 Messages via HTTPS 1.1). "openc2"
/// is what playbooks older than CACAO 2.0's vocabulary call the same.
/// </summary>
internal sealed class OpenC2Action(OutgoingHttp http, TimeProvider time) : IPlaybookAction
{
    private const string MediaType = "application/openc2+json;version=1.0";

    private static readonly HashSet<string> Reads = new(StringComparer.Ordinal) { "query", "scan", "locate" };

    public IReadOnlyList<string> CommandTypes { get; } = ["openc2-http", "openc2"];
    public TimeSpan TimeLimit => http.TimeLimit;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults)
    {
        HttpRequestBuilder.Check(playbook, step, command, path, faults);
        if (HttpRequestBuilder.MethodOf(command) is not ("POST" or "")) faults.Add(PlaybookFaults.HttpCommand, path + ".command", "OpenC2 commands are sent with POST");
        if (OpenC2Command.Read(command.Content) is { Fault: { } fault }) faults.Add(PlaybookFaults.OpenC2Command, path + ".content_b64", fault);
    }

    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => !ChangesTarget(step, command);
    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => OpenC2Command.Read(command.Content).Command is not { } c || !Reads.Contains(c.Action);

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        var what = OpenC2Command.Read(Filled(call, command)).Command is { } c ? $"{c.Action} {c.Target}" : "OpenC2 command";
        return fault is null ? [.. calls.Select(x => Text.Cut($"{what}: POST {OutgoingHttp.Shown(x.Uri)}", 1_000))] : [Text.Cut($"{what} ({fault})", 500)];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        if (fault is not null) return ActionResult.Failure(fault);
        var (read, wrong) = OpenC2Command.Read(Filled(call, command));
        if (read is null) return ActionResult.Failure($"the OpenC2 command cannot be read with these values: {wrong}");
        var said = new List<string>();
        var outputs = new Dictionary<string, string>();
        var n = 0;
        foreach (var (uri, target) in calls)
        {
            var result = await CallAsync(call, command, read, uri, target, $"{call.IdempotencyKey}-{n++}", outputs, cancellation).ConfigureAwait(false);
            said.Add(result.Said);
            if (!result.Succeeded) return new ActionResult(false, string.Join("; ", said), outputs);
        }
        return new ActionResult(true, string.Join("; ", said), outputs);
    }

    private static string Filled(ActionCall call, PlaybookCommand command) => VariableReference.Fill(command.Content, call.Variable, v => JsonEncodedText.Encode(v).ToString());

    private async Task<ActionResult> CallAsync(
        ActionCall call, PlaybookCommand command, OpenC2Command read, Uri uri, AgentTarget? target, string key, Dictionary<string, string> outputs, CancellationToken cancellation)
    {
        if (uri.Scheme != Uri.UriSchemeHttps) return ActionResult.Failure($"OpenC2 commands go over https only, not to {OutgoingHttp.Shown(uri)}");
        if (http.Refusal(uri, "POST", target?.Authentication is not null) is { } refused) return ActionResult.Failure(refused);
        var (secret, unknown) = await call.SecretOfAsync(target, cancellation).ConfigureAwait(false);
        if (unknown is not null) return ActionResult.Failure(unknown);
        var (request, fault) = HttpRequestBuilder.Build(call, command with { Content = "" }, uri, target, secret, key);
        if (request is null) return ActionResult.Failure(fault!);
        using (request)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(read.Message));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(MediaType);
            request.Headers.Date = time.GetUtcNow();
            if (request.Headers.Accept.Count == 0) request.Headers.TryAddWithoutValidation("Accept", MediaType);
            // The transfer's own name for what pairs an answer with its command.
            if (!request.Headers.Contains("X-Request-ID")) request.Headers.TryAddWithoutValidation("X-Request-ID", key);
            var answer = await http.SendAsync(request, call.Step.Timeout, cancellation).ConfigureAwait(false);
            if (answer.Status == 0) return ActionResult.Failure(answer.Said);
            var said = $"{read.Action}: {answer.Said}";
            var body = call.Mask(answer.Body);
            Take(call.Step, answer.Status, body, outputs);
            if (!answer.Succeeded) return new ActionResult(false, said, outputs);
            if (read.ResponseWanted == "none") return new ActionResult(true, said, outputs);
            var (status, text) = OpenC2Response.Read(body);
            if (status is null) return new ActionResult(false, said + " without an OpenC2 response", outputs);
            said += string.Create(CultureInfo.InvariantCulture, $", OpenC2 status {status}") + (text.Length > 0 ? ": " + Text.Cut(text, 200) : "");
            // 102 says that it is under way: that is the answer only where no more than that was asked for.
            return new ActionResult(status is 200 or 201 || (status == 102 && read.ResponseWanted == "ack"), said, outputs);
        }
    }

    /// <summary>out_args: __http_status__, __openc2_status__, __openc2_results__, else the member of that name of the results.</summary>
    private static void Take(PlaybookStep step, int httpStatus, string body, Dictionary<string, string> outputs)
    {
        if (step.OutArgs.Count == 0) return;
        var response = OpenC2Response.Of(body);
        var results = response?["results"] as JsonObject;
        foreach (var name in step.OutArgs)
        {
            var value = name switch
            {
                "__http_status__" => httpStatus.ToString(CultureInfo.InvariantCulture),
                "__openc2_status__" => response?["status"]?.ToJsonString(),
                "__openc2_results__" => results?.ToJsonString(),
                _ => results?[name.Trim('_')] is { } member ? member is JsonValue v && v.TryGetValue<string>(out var text) ? text : member.ToJsonString() : null,
            };
            if (value is not null) outputs[name] = Text.Cut(value, VariableTypes.MaxValueLength);
        }
    }
}
