using System.Text.RegularExpressions;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Receivers;

namespace Beacon.Collectors.Sources;

/// <summary>Names every fault of a source's definition.</summary>
internal sealed partial class SourceValidation(IReadOnlyDictionary<string, IReceiver> receivers, ParserCatalog parsers)
{
    public IReadOnlyList<SourceFault> Validate(SourceDefinition source)
    {
        var faults = new List<SourceFault>();
        if (!Id().IsMatch(source.Id)) faults.Add(new SourceFault("id", "must be 1 to 64 of a–z, 0–9, '-', '_', '.', a letter or digit first"));
        if (source.Id is "elasticsearch" or Pipeline.LossLedger.SpoolSource or "_bulk") faults.Add(new SourceFault("id", $"'{source.Id}' is reserved"));
        if (source.Name.Length is 0 or > 128) faults.Add(new SourceFault("name", "must have 1 to 128 characters"));
        if (source.Organisation.Length > 128) faults.Add(new SourceFault("organisation", "must have at most 128 characters"));
        if (source.TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(source.TimeZone, out _)) faults.Add(new SourceFault("time_zone", $"'{source.TimeZone}' is not a known time zone"));
        if (source.Format != ParserCatalog.Auto && !parsers.TryFind(source.Format, out _)) faults.Add(new SourceFault("format", $"'{source.Format}' is none of {string.Join(", ", parsers.Formats)}"));
        if (receivers.TryGetValue(source.Kind, out var receiver)) faults.AddRange(receiver.Validate(source.Settings));
        else faults.Add(new SourceFault("kind", $"'{source.Kind}' is none of {string.Join(", ", receivers.Keys.Order(StringComparer.Ordinal))}"));
        return faults;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_.-]{0,63}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
