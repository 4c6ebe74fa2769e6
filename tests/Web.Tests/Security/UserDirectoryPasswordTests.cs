using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.State;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Security;

public sealed class UserDirectoryPasswordTests : IAsyncDisposable
{
    private const string Old = "first of all words";
    private const string New = "second of all words";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-users-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly SqliteStateDatabase _state;
    private readonly ServiceProvider _services;

    public UserDirectoryPasswordTests()
    {
        _state = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "beacon.db"), [.. AlertingModule.Schemas, SecuritySchema.Schema]);
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IStateDatabase>(_state).AddSingleton<TimeProvider>(_clock).AddAlerting(new AlertingOptions()).BuildServiceProvider();
    }

    private IAuditTrail Audit => _services.GetRequiredService<IAuditTrail>();

    private UserDirectory Open() => new(_state, Audit, _clock);

    [Fact]
    public async Task SetPassword_FromAnotherProcess_HoldsWithinTwoSeconds()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var running = Open();
        var before = await running.CreateAsync("Ann", "", Old, [RoleNames.Operator], "test", cancellation);

        Assert.True(await Open().SetPasswordAsync(" ann ", New, "command line", cancellation));
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(await running.VerifyAsync("ann", Old, cancellation));
        var after = await running.VerifyAsync("ann", New, cancellation);
        Assert.NotNull(after);
        Assert.NotEqual(before.Stamp, after.Stamp);
        var entry = (await Audit.QueryAsync(new AuditQuery { Action = "user.password" }, cancellation)).Single();
        Assert.Equal(("command line", "user:Ann"), (entry.Actor, entry.Object));
        Assert.DoesNotContain(New, entry.Before + entry.After + entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_InAnotherProcess_IsSeenWithinTwoSeconds()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var running = Open();
        Assert.False(await running.AnyAsync(cancellation));

        await Open().CreateAsync("ann", "", Old, [RoleNames.Operator], "command line", cancellation);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await running.AnyAsync(cancellation));
    }

    [Theory]
    [InlineData("too short")]
    [InlineData("administrator")]
    public async Task SetPassword_RefusedOne_ChangesNothing(string password)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var users = Open();
        await users.CreateAsync("administrator", "", Old, [RoleNames.Administrator], "test", cancellation);

        await Assert.ThrowsAsync<ArgumentException>(() => users.SetPasswordAsync("administrator", password, "test", cancellation));

        Assert.NotNull(await users.VerifyAsync("administrator", Old, cancellation));
    }

    [Fact]
    public async Task SetPassword_UnknownName_IsFalse() =>
        Assert.False(await Open().SetPasswordAsync("nobody", New, "test", TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _state.Dispose();
        _folder.Delete(recursive: true);
    }
}
