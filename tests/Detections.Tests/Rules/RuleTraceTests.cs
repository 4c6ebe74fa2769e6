using Beacon.Detections.Rules;

namespace Beacon.Detections.Tests.Rules;

public sealed class RuleTraceTests
{
    private const string Rule = """
        title: T
        id: 6f0c3c2e-52d5-4f3b-9d8e-0d6a0c8f3a11
        logsource: { category: process_creation, product: linux }
        detection:
            selection:
                Image|endswith: '/nc'
                CommandLine|contains: [' -e ', ' -l ']
            filter:
                User: backup
            condition: selection and not filter
        level: low
        """;

    [Fact]
    public void Run_CaseThatDiffers_SaysWhichSelectionHeldAndWhatTheEventHad()
    {
        using var folder = new TestFolder();
        var file = folder.Write("nc.yml", Rule);
        folder.Write("nc.cases.yml", """
            - name: listens
              match: true
              event: { host.os.type: linux, event: { category: process, type: start }, process: { executable: /usr/bin/nc, command_line: 'nc -k 4444' }, user.name: root }
            - name: other machine
              match: true
              event: { host.os.type: macos, event: { category: process, type: start }, process: { executable: /usr/bin/nc, command_line: 'nc -l 4444' } }
            - name: near miss
              match: false
              event: { host.os.type: linux, event: { category: process, type: start }, process: { executable: /usr/bin/ls } }
            """);

        var result = RuleCases.Run(file);

        Assert.Empty(result.Faults);
        Assert.Equal([false, false, true], result.Cases.Select(static c => c.Passed));
        var trace = result.Cases[0].Trace!;
        Assert.True(trace.LogSourceFits);
        Assert.Equal([("selection", false), ("filter", false)], trace.Selections.Select(static s => (s.Name, s.Held)));
        var (image, line) = (trace.Selections[0].Fields[0], trace.Selections[0].Fields[1]);
        Assert.Equal(("Image", "process.executable", "'*/nc'", true), (image.Field, image.EventField, image.Wanted, image.Held));
        Assert.Equal(["/usr/bin/nc"], image.Values);
        Assert.Equal(("one of '* -e *', '* -l *'", false), (line.Wanted, line.Held));
        Assert.Equal(["nc -k 4444"], line.Values);
        Assert.False(result.Cases[1].Trace!.LogSourceFits);
        Assert.Null(result.Cases[2].Trace);
    }
}
