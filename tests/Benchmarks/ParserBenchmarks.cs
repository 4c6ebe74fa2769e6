using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Parsers;
using Beacon.Events;
using Beacon.Web.Commands.Bench;
using BenchmarkDotNet.Attributes;

namespace Beacon.Benchmarks;

/// <summary>One frame through each parser, named by its source; and through recognition.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private static readonly DateTimeOffset Time = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    private readonly ParserCatalog _parsers = CollectorsModule.CreateParsers();
    private readonly SecurityEvent _event = new(4096, 64);
    private IEventParser? _parser;
    private byte[] _frame = [];

    /// <summary>Every format but "auto": a new parser must have a frame here, or the setup fails.</summary>
    public IEnumerable<string> Formats => _parsers.Formats.Where(f => f != ParserCatalog.Auto);

    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var lines = new SampleLines(6);
        _frame = Encoding.UTF8.GetBytes(Format switch
        {
            "syslog" => lines.Line("sshd", Time),
            "winlog" => lines.Line("winlog", Time),
            "windows-json" => lines.Line("windows-json", Time),
            "windows-xml-json" => """{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,"Version":5,"Level":4,"TimeCreated":{"#attributes":{"SystemTime":"2026-11-24T08:59:59.100Z"}},"EventRecordID":4411,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ENG-WS-03"},"EventData":{"Image":"C:\\Windows\\System32\\cmd.exe","CommandLine":"cmd.exe /c dir","User":"PLANT\\j.okafor"}}}""",
            "zeek" => lines.Line("zeek", Time),
            "json" => lines.Line("ecs-json", Time),
            "apache-access" or "nginx-access" => lines.Line("nginx", Time),
            "apache-error" => "[Tue Nov 24 09:00:00.123456 2026] [authz_core:error] [pid 4411:tid 12] [client 198.51.100.7:40110] AH01630: client denied by server configuration: /srv/www/admin",
            "nginx-error" => "2026/11/24 09:00:00 [error] 4411#12: *77 open() \"/srv/www/none\" failed (2: No such file or directory), client: 198.51.100.7, server: www.example.com, request: \"GET /none HTTP/1.1\", host: \"www.example.com\"",
            "key-value" => "time=2026-11-24T09:00:00Z level=info host=fw-dmz-02 action=accept src=10.20.4.30 spt=40110 dst=198.51.100.7 dpt=443 proto=tcp",
            _ => throw new InvalidOperationException($"no frame for the format {Format}"),
        });
        if (!_parsers.TryFind(Format, out _parser)) throw new InvalidOperationException($"no parser named {Format}");
        if (!Named().Succeeded || !Recognised().Succeeded) throw new InvalidOperationException($"the frame of {Format} is not read");
    }

    [Benchmark(Baseline = true)]
    public ParseResult Named() => Parse(_parser);

    [Benchmark]
    public ParseResult Recognised() => Parse(null);

    private ParseResult Parse(IEventParser? parser)
    {
        _event.Reset();
        return _parsers.Parse(parser, _frame, FrameInfo.At(Time), _event, out _);
    }
}
