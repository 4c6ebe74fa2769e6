using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Beacon.Benchmarks;

/// <summary>dotnet run -c Release --project tests/Benchmarks -- --filter "*Parser*"</summary>
internal static class Entry
{
    // In this process: a generated project would have to know the house's build rules.
    private static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Entry).Assembly)
        .Run(args, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
}
