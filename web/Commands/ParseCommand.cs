using System.Buffers;
using System.CommandLine;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Prints what files become: ECS events.</summary>
internal static class ParseCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Files or folders.", Arity = ArgumentArity.OneOrMore };
        var format = new Option<string>("--format") { Description = $"Format of the lines: {string.Join(", ", new EventFileReader(CollectorsModule.CreateParsers()).Formats)}.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
        var output = CommandLine.OutputOption("ndjson");
        var command = new Command("parse", "Prints the ECS events of files, one JSON object a line; what can't be read goes to stderr. Exit code 1 where nothing could be read.\n\nExample:\n  ./run parse /var/log/auth.log --output ndjson") { files, format, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => Task.FromResult(Run(parsed.GetValue(files)!, parsed.GetValue(format)!, cancellation))));
        return command;
    }

    private static int Run(string[] paths, string format, CancellationToken cancellation)
    {
        using var stdout = System.Console.OpenStandardOutput();
        var buffer = new ArrayBufferWriter<byte>(128 * 1024);
        var sum = new EventFileSummary(0, 0, 0, 0);
        try
        {
            foreach (var path in paths)
            {
                if (!File.Exists(path) && !Directory.Exists(path)) throw new CommandException($"{path} does not exist.");
                var reader = new EventFileReader(CollectorsModule.CreateParsers());
                foreach (var file in EventFileReader.EnumerateFiles(path))
                {
                    sum += reader.Read(file, format, (e, _) =>
                    {
                        EcsJson.Write(e, buffer);
                        buffer.Write("\n"u8);
                        if (buffer.WrittenCount > 64 * 1024) Flush(stdout, buffer);
                    }, fault => System.Console.Error.WriteLine($"{fault.File}: {fault.Place}: {fault.Reason}"), cancellation);
                    Flush(stdout, buffer);
                }
            }
        }
        catch (ArgumentException fault) when (fault.ParamName == "format")
        {
            throw new CommandException(fault.Message);
        }
        catch (IOException)
        {
            // The reader of our output went away (a pipe into head): enough was read.
            return 0;
        }
        System.Console.Error.WriteLine($"{sum.Events} events, {sum.Unrecognised} kept with their text only, {sum.Faults} not read");
        return sum.Events == 0 ? 1 : 0;
    }

    private static void Flush(Stream stdout, ArrayBufferWriter<byte> buffer)
    {
        stdout.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
