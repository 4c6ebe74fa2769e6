using System.Text;
using Beacon.Collectors.Spool;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Benchmarks;

/// <summary>An append to the spool, on disk on return: what a sender that waits for each answer sees.</summary>
[MemoryDiagnoser]
public class SpoolBenchmarks
{
    private DirectoryInfo _folder = null!;
    private FrameSpool _spool = null!;
    private FrameBatch _batch = null!;

    /// <summary>Frames of one request.</summary>
    [Params(1, 100, 1_000)]
    public int Frames { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        const int maxFrame = 1024 * 1024;
        _folder = Directory.CreateTempSubdirectory("beacon-benchmarks-");
        _spool = FrameSpool.Open(new SpoolSettings(_folder.FullName, 64 * 1024 * 1024, 64L * 1024 * 1024 * 1024, maxFrame), TimeProvider.System, NullLogger.Instance);
        _batch = new FrameBatch("bench", maxFrame);
        var frame = Encoding.UTF8.GetBytes("<38>Nov 24 09:00:00 bas-01 sshd[31]: Accepted publickey for a.meyer from 10.20.1.3 port 4000 ssh2: ED25519 SHA256:0123456789abcdef0123456789abcdef");
        for (var i = 0; i < Frames; i++) _batch.Add(frame);
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _spool.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Benchmark]
    public async Task<bool> Append()
    {
        var result = await _spool.AppendAsync(_batch, wait: true, CancellationToken.None);
        if (!result.Stored) throw new InvalidOperationException(result.Error);
        _spool.Trim(result.First); // As the pipeline does: the disk must not fill.
        return true;
    }
}
