using System.Xml.Linq;
using Beacon.State;
using Beacon.Web.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Security;

public sealed class StateKeyRingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-keys-");
    private readonly SqliteStateDatabase _state;

    public StateKeyRingTests() => _state = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "beacon.db"), [SecuritySchema.Schema]);

    [Fact]
    public void Elements_Stored_ComeBackAndAreReplacedByName()
    {
        var ring = new StateKeyRing(_state);
        Assert.Empty(ring.GetAllElements());
        ring.StoreElement(new XElement("key", new XAttribute("id", "1"), " a "), "one");
        ring.StoreElement(new XElement("key", new XAttribute("id", "2")), "two");
        ring.StoreElement(new XElement("key", new XAttribute("id", "3")), "two");
        Assert.Equal(["1", "3"], new StateKeyRing(_state).GetAllElements().Select(static e => e.Attribute("id")!.Value));
    }

    [Fact]
    public void Protect_OnOneNode_IsReadOnAnother() =>
        Assert.Equal("session", Node().CreateProtector("cookie").Unprotect(Node().CreateProtector("cookie").Protect("session")));

    private IDataProtectionProvider Node()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("beacon");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new StateKeyRing(_state));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    public void Dispose()
    {
        _state.Dispose();
        _folder.Delete(recursive: true);
    }
}
