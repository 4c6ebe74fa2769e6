using System.Xml.Linq;
using Beacon.Events;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Beacon.Web.Security;

/// <summary>Keeps the keys that protect session cookies in the state database, so that a cookie of one node holds on the others.</summary>
internal sealed class StateKeyRing(IStateDatabase state) : IXmlRepository
{
    /// <summary>Keys read; one is made every few months.</summary>
    private const int MaxKeys = 1_000;

    public IReadOnlyCollection<XElement> GetAllElements() =>
        state.ReadAsync(static connection => connection.Query("SELECT document FROM session_keys ORDER BY name LIMIT @p0", static r => XElement.Parse(r.GetString(0)), MaxKeys)).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => state.WriteAsync(transaction => transaction.Execute(
        "INSERT INTO session_keys(name, document) VALUES (@p0, @p1) ON CONFLICT(name) DO UPDATE SET document = excluded.document", friendlyName, element.ToString(SaveOptions.DisableFormatting))).GetAwaiter().GetResult();
}
