using System.Data.Common;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Secrets;

internal sealed class SecretVault(AlertingDatabase database, IOptions<AlertingOptions> options) : ISecretVault, ISecretReader
{
    private const string Columns = "name, version, description, changed_by, changed_at, key_id, sealed";

    private sealed record Row(SecretInfo Info, string KeyId, string Sealed);

    private readonly SecretKeys _keys = new(options.Value.Secrets.KeyFile);

    public Task<IReadOnlyList<SecretInfo>> ListAsync(CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<SecretInfo>>(c => c.Query($"SELECT {Columns} FROM alerting_secrets ORDER BY name", r => Read(r).Info), cancellation);

    public async Task<string?> OpenAsync(string name, CancellationToken cancellation = default)
    {
        var found = await database.ReadAsync(c => c.Query($"SELECT {Columns} FROM alerting_secrets WHERE name = @p0", Read, name).FirstOrDefault(), cancellation).ConfigureAwait(false);
        return found is null ? null : Open(found, _keys.Read());
    }

    public Task<Outcome<SecretInfo>> PutAsync(string name, string value, string description, int version, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        MustBeAdministrator(actor);
        if (!SecretNames.IsName(name)) throw RefusedException.Invalid("a secret's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit");
        if (value.Length is 0 or > ISecretVault.MaxValueLength) throw RefusedException.Invalid($"a secret has 1 to {ISecretVault.MaxValueLength} characters");
        var before = Find(unit.Db, name);
        if ((before?.Info.Version ?? 0) != version)
            throw RefusedException.Conflict(before is null ? (Phrase)$"there is no secret '{name}' any more" : $"the secret '{name}' is at version {before.Info.Version}, the edit was made from version {version}");
        if (before is null && unit.Db.Scalar<long>("SELECT count(*) FROM alerting_secrets") >= ISecretVault.MaxSecrets)
            throw RefusedException.Invalid($"there are {ISecretVault.MaxSecrets} secrets, the ceiling: delete those that nothing uses");
        SecretKey key;
        try
        {
            key = _keys.Current();
        }
        catch (SecretException fault)
        {
            throw RefusedException.Invalid(fault.Said);
        }
        var next = new SecretInfo(name, version + 1, Text.Cut(description.Trim(), 500), actor.Name, unit.Now);
        unit.Db.Execute(
            $"""
            INSERT INTO alerting_secrets({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6)
            ON CONFLICT(name) DO UPDATE SET version=@p1, description=@p2, changed_by=@p3, changed_at=@p4, key_id=@p5, sealed=@p6
            """, name, next.Version, next.Description, next.ChangedBy, next.ChangedAt, key.Id, SecretKeys.Seal(key, name, next.Version, value));
        unit.Record(actor, "secret.put", "secret:" + name, before is null ? "" : $"version {version}", $"version {next.Version}");
        return next;
    }, cancellation);

    public Task<Outcome<SecretInfo>> DeleteAsync(string name, int version, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        MustBeAdministrator(actor);
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        var found = Find(unit.Db, name)?.Info ?? throw RefusedException.NotFound("there is no such secret");
        if (found.Version != version) throw RefusedException.Conflict($"the secret '{name}' is at version {found.Version}, you saw {version}");
        unit.Db.Execute("DELETE FROM alerting_secrets WHERE name = @p0", name);
        unit.Record(actor, "secret.delete", "secret:" + name, $"version {version}", "", Text.Cut(reason.Trim(), 2_000));
        return found;
    }, cancellation);

    public async Task<int> RotateAsync(Actor actor, CancellationToken cancellation = default)
    {
        // The file holds old and new keys until every secret is sealed anew: a stop in between leaves all of them readable.
        var count = await database.WriteAsync(unit =>
        {
            var keys = _keys.Read();
            var all = unit.Db.Query($"SELECT {Columns} FROM alerting_secrets", Read).Select(row => (row.Info, Value: Open(row, keys))).ToList();
            var key = _keys.Add();
            foreach (var (info, value) in all)
                unit.Db.Execute("UPDATE alerting_secrets SET key_id = @p1, sealed = @p2 WHERE name = @p0", info.Name, key.Id, SecretKeys.Seal(key, info.Name, info.Version, value));
            unit.Record(actor, "secret.rotate", "", "", $"{all.Count} secrets sealed with key {key.Id}");
            return all.Count;
        }, cancellation).ConfigureAwait(false);
        // As a writer, so that no other rotation stands between looking and removing.
        await database.WriteAsync(unit =>
        {
            _keys.KeepUsed(unit.Db.Query("SELECT DISTINCT key_id FROM alerting_secrets", r => r.GetString(0)).ToHashSet());
            return count;
        }, cancellation).ConfigureAwait(false);
        return count;
    }

    private static string Open(Row row, IReadOnlyList<SecretKey> keys) => keys.FirstOrDefault(k => k.Id == row.KeyId) is { } key
        ? SecretKeys.Unseal(key, row.Info.Name, row.Info.Version, row.Sealed)
        : throw new SecretException($"the secret '{row.Info.Name}' was sealed with key {Text.Cut(row.KeyId, 8)}, which the key file (Alerting:Secrets:KeyFile) does not have");

    private static Row? Find(DbTransaction t, string name) => t.Query($"SELECT {Columns} FROM alerting_secrets WHERE name = @p0", Read, name).FirstOrDefault();

    private static Row Read(DbDataReader r) => new(new SecretInfo(r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.Instant(4)), r.GetString(5), r.GetString(6));

    private static void MustBeAdministrator(Actor actor)
    {
        if (!actor.Holds(RoleNames.Administrator)) throw RefusedException.Forbidden("only an administrator changes secrets");
    }
}
