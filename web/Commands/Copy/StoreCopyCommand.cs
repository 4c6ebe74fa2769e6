using System.CommandLine;
using System.Globalization;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Copy;

/// <summary>Moves an installation from one event store to another.</summary>
internal static class StoreCopyCommand
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var data = CommandLine.DataOption();
        var from = Kind("--from", "The store that has the events");
        var to = Kind("--to", "The store that gets them");
        var nodes = new StoreOptions().Nodes;
        var copy = new Command("copy", "Copies all events into another, empty store, while Beacon is stopped. Given again, it goes on where it was broken off. At the end all events are counted and hashed at both ends; the exit code is 0 only where both agree.\n\nExample:\n  ./run store copy --from duckdb --to elasticsearch --elasticsearch http://127.0.0.1:9200") { data, from, to, nodes };
        copy.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => RunAsync(parsed.GetValue(data)!, parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(nodes) ?? [], cancellation)));
        return new Command("store", "Works on event stores while Beacon is stopped.\n\nExample:\n  ./run store copy --from duckdb --to elasticsearch --elasticsearch http://127.0.0.1:9200") { copy };
    }

    private static Option<string> Kind(string name, string what)
    {
        var option = new Option<string>(name) { Description = $"{what}: duckdb or elasticsearch.", HelpName = "STORE", Required = true };
        option.AcceptOnlyFromAmong(EventStores.DuckDb, EventStores.Elasticsearch);
        return option;
    }

    private static async Task<int> RunAsync(string folder, string from, string to, string[] nodes, CancellationToken cancellation)
    {
        if (from == to) throw new CommandException("--from and --to name the same store.");
        using var data = DataDirectory.Open(folder);
        var settings = nodes.Select((node, i) => KeyValuePair.Create(FormattableString.Invariant($"Elasticsearch:Nodes:{i}"), (string?)node));
        var configuration = new ConfigurationBuilder().AddJsonFile(data.Settings, optional: true).AddEnvironmentVariables("BEACON_").AddInMemoryCollection(settings).Build();
        var clock = new CopyClock();
        await using var source = await OpenAsync(from, configuration, data, TimeProvider.System, cancellation);
        await using var target = await OpenAsync(to, configuration, data, clock, cancellation);

        var text = System.Console.Out;
        var began = TimeProvider.System.GetTimestamp();
        var told = began;
        var copier = new EventCopier(source.Store, target.Store, clock, p =>
        {
            if (TimeProvider.System.GetElapsedTime(told) < Between) return;
            told = TimeProvider.System.GetTimestamp();
            System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{p.Phase} {p.Events:N0} events, frame {p.UpTo:N0} of {p.Last:N0}, {p.Events / TimeProvider.System.GetElapsedTime(began).TotalSeconds:N0} events/s"));
        });
        var resumed = target.Store.CommittedSequence;
        if (resumed > 0) await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The {to} store has events up to frame {resumed:N0}: going on behind it."));
        var copied = await copier.CopyAsync(cancellation);
        await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Copied {copied:N0} events in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s."));

        began = TimeProvider.System.GetTimestamp();
        var (left, right, differs) = await copier.CompareAsync(cancellation);
        await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{from,-14} {left.Count,14:N0} events  {left.Hash:x32}"));
        await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{to,-14} {right.Count,14:N0} events  {right.Hash:x32}"));
        if (differs is not { } span)
        {
            await text.WriteLineAsync($"Both hold the same. Start Beacon with --store {to}.");
            return 0;
        }
        throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"The stores differ, first between frames {span.After + 1:N0} and {span.UpTo:N0}. The {from} store was not changed. Remove what is in the {to} store and copy again."));
    }

    private sealed record Opened(IEventStore Store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ((IAsyncDisposable)Store).DisposeAsync();
    }

    private static async Task<Opened> OpenAsync(string kind, IConfiguration configuration, DataDirectory data, TimeProvider clock, CancellationToken cancellation)
    {
        var store = EventStores.Create(kind, configuration, data.Events, clock);
        try
        {
            await store.OpenAsync(cancellation);
        }
        catch (InvalidDataException fault)
        {
            throw new CommandException(fault.Message);
        }
        return new Opened(store);
    }
}
