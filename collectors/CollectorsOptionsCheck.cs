using Microsoft.Extensions.Options;

namespace Beacon.Collectors;

/// <summary>Refuses options out of range, naming the configuration key of each.</summary>
internal static class CollectorsOptionsCheck
{
    public static void Check(CollectorsOptions options)
    {
        var faults = new List<string>();
        var result = new CollectorsOptionsValidator().Validate(null, options);
        if (result.Failed) faults.AddRange(result.Failures.Select(f => $"{CollectorsOptions.Section}:{f}"));
        if (!System.Net.IPAddress.TryParse(options.SyslogAddress, out _)) faults.Add($"{CollectorsOptions.Section}:{nameof(options.SyslogAddress)} is not an address: {options.SyslogAddress}");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _)) faults.Add($"{CollectorsOptions.Section}:{nameof(options.TimeZone)} is not a known time zone: {options.TimeZone}");
        if (options.SpoolMaxBytes < options.SpoolSegmentBytes * 2) faults.Add($"{CollectorsOptions.Section}:{nameof(options.SpoolMaxBytes)} is less than two segments ({nameof(options.SpoolSegmentBytes)})");
        faults.AddRange(options.FileRoots.Where(static r => !Path.IsPathRooted(r)).Select(static r => $"{CollectorsOptions.Section}:{nameof(options.FileRoots)} is not an absolute path: {r}"));
        if (faults.Count > 0) throw new OptionsValidationException(CollectorsOptions.Section, typeof(CollectorsOptions), faults);
    }
}

[OptionsValidator]
internal sealed partial class CollectorsOptionsValidator : IValidateOptions<CollectorsOptions>;
