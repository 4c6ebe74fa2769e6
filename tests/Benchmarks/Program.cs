using BenchmarkDotNet.Running;

namespace Beacon.Benchmarks;

/// <summary>dotnet run -c Release --project tests/Benchmarks -- --filter "*Parser*"</summary>
internal static class Entry
{
    private static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Entry).Assembly).Run(args);
}
