using System.Data.Common;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Desks;

internal sealed class ViewService(AlertingDatabase database) : IViewService
{
    private const string Select = "SELECT id, version, account, page, name, query, created_at, updated_at FROM alerting_views";

    public Task<IReadOnlyList<SavedView>> ListAsync(string page, Actor actor, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<SavedView>>(c =>
        [.. c.Query(Select + " WHERE account = @p0 AND page = @p1 ORDER BY name LIMIT @p2", Read, actor.Name, page, IViewService.MaxViews)], cancellation);

    public Task<Outcome<SavedView>> CreateAsync(string page, string name, string query, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (!IViewService.Pages.Contains(page)) throw RefusedException.Invalid($"views are of the pages {string.Join(", ", IViewService.Pages)}");
        var view = new SavedView(unit.Next("view"), 1, actor.Name, page, Named(name), Queried(query), unit.Now, unit.Now);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_views WHERE account = @p0 AND page = @p1", actor.Name, page) >= IViewService.MaxViews) throw RefusedException.Invalid($"you have {IViewService.MaxViews} views of this page: remove one first");
        MustBeFree(unit, view);
        unit.Db.Execute("INSERT INTO alerting_views(id, version, account, page, name, query, created_at, updated_at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7)",
            view.Id, view.Version, view.Account, view.Page, view.Name, view.Query, view.CreatedAt, view.UpdatedAt);
        unit.Record(actor, "view.create", $"view:{view.Id}", "", $"{view.Page} {view.Name}: {view.Query}");
        return view;
    }, cancellation);

    public Task<Outcome<SavedView>> ChangeAsync(long id, int version, string name, string query, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var old = Own(unit, id, version, actor);
        var view = old with { Version = old.Version + 1, Name = Named(name), Query = Queried(query), UpdatedAt = unit.Now };
        MustBeFree(unit, view);
        unit.Db.Execute("UPDATE alerting_views SET version = @p1, name = @p2, query = @p3, updated_at = @p4 WHERE id = @p0", id, view.Version, view.Name, view.Query, view.UpdatedAt);
        unit.Record(actor, "view.change", $"view:{id}", $"{old.Name}: {old.Query}", $"{view.Name}: {view.Query}");
        return view;
    }, cancellation);

    public Task<Outcome<SavedView>> RemoveAsync(long id, int version, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var old = Own(unit, id, version, actor);
        unit.Db.Execute("DELETE FROM alerting_views WHERE id = @p0", id);
        unit.Record(actor, "view.remove", $"view:{id}", $"{old.Page} {old.Name}: {old.Query}");
        return old;
    }, cancellation);

    // Another's view is as one that is not there: its number says nothing.
    private static SavedView Own(AlertingTransaction unit, long id, int version, Actor actor)
    {
        var view = unit.Db.Query(Select + " WHERE id = @p0 AND account = @p1", Read, id, actor.Name).FirstOrDefault() ?? throw RefusedException.NotFound("you have no such view");
        return view.Version == version ? view : throw RefusedException.Conflict($"the view changed meanwhile: it is at version {view.Version}, you saw {version}");
    }

    private static void MustBeFree(AlertingTransaction unit, SavedView view)
    {
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_views WHERE account = @p0 AND page = @p1 AND name = @p2 AND id <> @p3", view.Account, view.Page, view.Name, view.Id) > 0)
            throw RefusedException.Invalid($"you have a view named '{view.Name}' already");
    }

    private static string Named(string? name)
    {
        var text = name?.Trim() ?? "";
        return text.Length is > 0 and <= IViewService.MaxNameLength && !text.Any(char.IsControl) ? text : throw RefusedException.Invalid($"a view's name has 1 to {IViewService.MaxNameLength} characters");
    }

    private static string Queried(string? query)
    {
        var text = (query ?? "").TrimStart('?');
        return text.Length <= IViewService.MaxQueryLength && !text.Any(c => char.IsControl(c) || c == '#') ? text : throw RefusedException.Invalid($"a view's query has at most {IViewService.MaxQueryLength} characters, and no '#'");
    }

    private static SavedView Read(DbDataReader r) => new(r.GetInt64(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Instant(6), r.Instant(7));
}
