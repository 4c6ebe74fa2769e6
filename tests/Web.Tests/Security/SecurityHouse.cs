using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.State;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Security;

/// <summary>A state database in a folder of its own, with a clock that stands still, and what the security room keeps in it.</summary>
internal sealed class SecurityHouse : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-security-");
    private readonly SqliteStateDatabase _state;
    private readonly ServiceProvider _services;

    public SecurityHouse()
    {
        _state = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "beacon.db"), [.. AlertingModule.Schemas, SecuritySchema.Schema]);
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IStateDatabase>(_state).AddSingleton<TimeProvider>(Clock)
            .AddAlerting(new AlertingOptions()).AddSingleton<UserDirectory>().AddSingleton<SetupToken>().AddSingleton<ApiKeys>().AddSingleton<AccountChanges>().AddSingleton<ResetLinks>().AddSingleton<PeopleDesk>().BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    public IStateDatabase State => _state;
    public UserDirectory Users => _services.GetRequiredService<UserDirectory>();
    public SetupToken Tokens => _services.GetRequiredService<SetupToken>();
    public PeopleDesk Desk => _services.GetRequiredService<PeopleDesk>();
    public ResetLinks Links => _services.GetRequiredService<ResetLinks>();
    public IAuditTrail Audit => _services.GetRequiredService<IAuditTrail>();
    public ApiKeys Keys => _services.GetRequiredService<ApiKeys>();

    public void Dispose()
    {
        _services.Dispose();
        _state.Dispose();
        _folder.Delete(recursive: true);
    }
}
