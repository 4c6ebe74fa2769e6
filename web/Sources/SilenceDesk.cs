using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Collectors.Sources;

namespace Beacon.Web.Sources;

/// <summary>Says that a source will be silent, and takes it back, each with its line in the audit trail.</summary>
internal sealed class SilenceDesk(ExpectedSilences silences, IAuditTrail audit)
{
    /// <param name="until">Within <see cref="ExpectedSilence.MaxSpan"/> from now.</param>
    /// <param name="reason">1 to <see cref="ExpectedSilence.MaxReason"/> characters.</param>
    public async Task<Outcome<ExpectedSilence>> ExpectAsync(string source, DateTimeOffset until, string reason, string by, CancellationToken cancellation)
    {
        if (await silences.ExpectAsync(source, until, reason, by, cancellation) is [{ } fault, ..])
            return fault.Key == "id" ? new Refusal(RefusalKind.NotFound, fault.Message) : new Refusal(RefusalKind.Invalid, $"{fault.Key}: {fault.Message}");
        await audit.AppendAsync(new AuditRecord(by, "source.expect-silence", $"source:{source}", After: until.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), Reason: reason), cancellation);
        return silences.Find(source)!;
    }

    /// <returns>False where none was expected any more.</returns>
    public async Task<bool> EndAsync(string source, string reason, string by, CancellationToken cancellation)
    {
        if (!await silences.EndAsync(source, cancellation)) return false;
        await audit.AppendAsync(new AuditRecord(by, "source.watch-again", $"source:{source}", Reason: reason), cancellation);
        return true;
    }
}
