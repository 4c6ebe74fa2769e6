using Beacon.Alerting;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>A house with a person of every right and an open API client; what the tests of pages stand on.</summary>
public abstract class ConsoleTests(Browser browser) : IAsyncLifetime
{
    protected const string Person = "ingrid";
    protected const string Colleague = "wei";

    protected Browser Browser { get; } = browser;
    protected House House { get; private set; } = null!;
    protected HttpClient Api { get; private set; } = null!;

    /// <summary>Settings of the house; the default ones where it is null.</summary>
    private protected virtual IReadOnlyDictionary<string, string?>? Settings => null;

    public virtual async ValueTask InitializeAsync()
    {
        House = await House.StartAsync(Settings);
        await House.PersonAsync(Person, RoleNames.Administrator, RoleNames.Operator, RoleNames.Responder);
        await House.PersonAsync(Colleague, RoleNames.Operator);
        Api = House.Client(await House.KeyAsync(ApiScopes.Read, ApiScopes.Operate));
    }

    public virtual async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await House.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
