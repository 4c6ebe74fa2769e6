using System.Collections.Frozen;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Words;

internal sealed class ChinesePhrases : RulePhrases
{
    private static readonly FrozenDictionary<string, string> Subjects = new Dictionary<string, string>
    {
        ["process_creation"] = "新启动的进程", ["process_termination"] = "已结束的进程", ["process_access"] = "对其他进程内存的访问", ["process_tampering"] = "映像被更改的进程",
        ["network_connection"] = "网络连接", ["file_event"] = "新建的文件", ["file_change"] = "创建时间被更改的文件", ["file_delete"] = "被删除的文件", ["file_access"] = "对文件的访问",
        ["file_rename"] = "被重命名的文件", ["file_executable_detected"] = "新建的可执行文件", ["image_load"] = "加载的模块", ["driver_load"] = "加载的驱动程序", ["registry_add"] = "新增的注册表项",
        ["registry_delete"] = "被删除的注册表条目", ["registry_set"] = "被设置的注册表值", ["registry_rename"] = "被重命名的注册表条目", ["registry_event"] = "注册表的更改", ["dns_query"] = "DNS 查询", ["dns"] = "DNS 查询",
        ["pipe_created"] = "命名管道", ["create_remote_thread"] = "在其他进程中启动的线程", ["create_stream_hash"] = "备用数据流", ["raw_access_thread"] = "对磁盘的直接读取",
        ["ps_script"] = "PowerShell 脚本块", ["ps_module"] = "PowerShell 命令", ["ps_classic_start"] = "PowerShell 的启动", ["ps_classic_provider_start"] = "PowerShell 提供程序的启动", ["ps_classic_script"] = "PowerShell 命令",
        ["wmi_event"] = "WMI 事件订阅", ["webserver"] = "对 Web 服务器的请求", ["proxy"] = "经代理的请求", ["firewall"] = "防火墙处的连接", ["antivirus"] = "防病毒软件的发现", ["database"] = "数据库查询",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Affirmed, denied. {0} is the value.
    private static readonly FrozenDictionary<Predicate, (string Yes, string No)> Verbs = new Dictionary<Predicate, (string, string)>
    {
        [Predicate.Is] = ("为{0}", "不为{0}"), [Predicate.EndsWith] = ("以{0}结尾", "不以{0}结尾"), [Predicate.BeginsWith] = ("以{0}开头", "不以{0}开头"),
        [Predicate.Contains] = ("包含{0}", "不包含{0}"), [Predicate.Like] = ("形如{0}", "不形如{0}"), [Predicate.HasAny] = ("有任意值", "没有值"),
        [Predicate.Empty] = ("为空", "不为空"), [Predicate.Null] = ("不存在或没有值", "有值"), [Predicate.Regex] = ("匹配正则表达式 {0}", "不匹配正则表达式 {0}"),
        [Predicate.Network] = ("属于网段 {0}", "不属于网段 {0}"), [Predicate.Less] = ("小于 {0}", "不小于 {0}"), [Predicate.LessOrEqual] = ("不大于 {0}", "大于 {0}"),
        [Predicate.Greater] = ("大于 {0}", "不大于 {0}"), [Predicate.GreaterOrEqual] = ("不小于 {0}", "小于 {0}"), [Predicate.Exists] = ("存在", "不存在"),
        [Predicate.SameAs] = ("与字段 {0} 的值相同", "与字段 {0} 的值不同"), [Predicate.BeginsWithField] = ("以字段 {0} 的值开头", "不以字段 {0} 的值开头"),
        [Predicate.EndsWithField] = ("以字段 {0} 的值结尾", "不以字段 {0} 的值结尾"), [Predicate.ContainsField] = ("包含字段 {0} 的值", "不包含字段 {0} 的值"),
        [Predicate.Minute] = ("的分钟为 {0}", "的分钟不为 {0}"), [Predicate.Hour] = ("的小时为 {0}", "的小时不为 {0}"), [Predicate.Day] = ("的日期为每月 {0} 日", "的日期不为每月 {0} 日"),
        [Predicate.Week] = ("在第 {0} 周", "不在第 {0} 周"), [Predicate.Month] = ("的月份为 {0}", "的月份不为 {0}"), [Predicate.Year] = ("的年份为 {0}", "的年份不为 {0}"),
        [Predicate.Listed] = ("在列表 {0} 中", "不在列表 {0} 中"),
    }.ToFrozenDictionary();

    public override string Further => "其他条件";

    public override string Subject(SigmaLogSource source) => Subjects.GetValueOrDefault(source.Category) ?? $"{NameOf(source)} 的事件";

    public override string Sentence(string subject, string? wanted, IReadOnlyList<string> unless)
    {
        var first = wanted is null ? subject : $"{subject}，其中：{wanted}";
        return unless.Count switch
        {
            0 => first + "。",
            1 => $"{first}；但 {unless[0]} 的除外。",
            _ => $"{first}。以下情况除外：{string.Join("；", unless)}。",
        };
    }

    public override string Join(bool all, IReadOnlyList<string> parts, bool nested)
    {
        if (all) return string.Join("，且 ", parts);
        return nested ? Group(string.Join("，或 ", parts)) : string.Join("；或 ", parts);
    }

    public override string Group(string said) => "（" + said + "）";

    public override string Say(Clause clause)
    {
        var values = Values(clause, Quoted(clause.Predicate));
        if (clause.Field is null) return (clause.Negated ? "任何字段都不含" : "任一字段含有") + values;
        var (yes, no) = Verbs[clause.Predicate];
        var said = (clause.Negated ? no : yes).Replace("{0}", values, StringComparison.Ordinal);
        return $"{Cut(clause.Field)} {said}{(clause.AnyDash ? "（任意形式的连字符）" : "")}{(clause.Cased ? "（区分大小写）" : "")}";
    }

    private static bool Quoted(Predicate predicate) => predicate is Predicate.Is or Predicate.EndsWith or Predicate.BeginsWith or Predicate.Contains or Predicate.Like;

    private static string Values(Clause clause, bool quoted)
    {
        var named = clause.Values.Take(MaxValues).Select(v => quoted ? "“" + Cut(v) + "”" : Cut(v)).ToArray();
        var more = clause.Values.Count - named.Length;
        var listed = string.Join("、", named) + (more > 0 ? $"等 {Number(clause.Values.Count)} 项" : "");
        if (clause.Values.Count <= 1) return listed;
        if (clause.Values.Count == 2 && !clause.All && !clause.Negated) return named[0] + "或" + named[1];
        // Denied, one of them is "any of them", and all of them is "all of them together".
        return clause.All ? "全部" + listed : clause.Negated ? listed + "中的任何一个" : listed + "之一";
    }
}
