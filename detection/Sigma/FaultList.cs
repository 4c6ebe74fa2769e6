using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>Collects the faults of one file; past its ceiling they are counted only.</summary>
internal sealed class FaultList(string file)
{
    public const int MaxFaults = 200;

    private readonly List<SigmaFault> _faults = [];

    public string File => file;
    public IReadOnlyList<SigmaFault> Faults => _faults;
    public int Errors { get; private set; }

    public void Error(YamlMark at, string code, Phrase message, Phrase? hint = null, FaultRemedy? remedy = null) => Add(at, code, FaultSeverity.Error, message, hint, remedy);

    public void Warn(YamlMark at, string code, Phrase message, Phrase? hint = null, FaultRemedy? remedy = null) => Add(at, code, FaultSeverity.Warning, message, hint, remedy);

    public void Info(YamlMark at, string code, Phrase message, Phrase? hint = null, FaultRemedy? remedy = null) => Add(at, code, FaultSeverity.Info, message, hint, remedy);

    private void Add(YamlMark at, string code, FaultSeverity severity, Phrase message, Phrase? hint, FaultRemedy? remedy)
    {
        if (severity == FaultSeverity.Error) Errors++;
        if (_faults.Count < MaxFaults) _faults.Add(new SigmaFault(file, at.Line, at.Column, code, severity, message, hint ?? Phrase.Empty) { Remedy = remedy });
    }
}
