using Beacon.Alerting.Playbooks.Actions.Shell;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Shell;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("nft add __v__:value")]
    [InlineData("x=__v__:value; y=\"a __v__:value\"; z='__v__:value'")]
    [InlineData("echo $(id __v__:value)")]
    [InlineData("cat <<< __v__:value")]
    [InlineData("# a comment\necho __v__:value")]
    [InlineData("echo \"\\\"__v__:value\" a#b __v__:value")]
    [InlineData("[ __v__:value = x ]")]
    [InlineData("echo $x __v__:value")]
    public void Fault_PlainPlaces_IsNone(string command) => Assert.Null(ShellText.Fault(command));

    [Theory]
    [InlineData("echo `id __v__:value`", "backquotes")]
    [InlineData("echo \"$(id __v__:value)\"", "within double quotes")]
    [InlineData("echo \"${x:-__v__:value}\"", "within double quotes")]
    [InlineData("echo ${x:-__v__:value}", "${")]
    [InlineData("echo $((1 + __v__:value))", "arithmetic")]
    [InlineData("((x = __v__:value))", "arithmetic")]
    [InlineData("echo $[__v__:value]", "$[")]
    [InlineData("[[ __v__:value -eq 1 ]]", "[[")]
    [InlineData("cat <<X\n__v__:value\nX", "here-document")]
    [InlineData("true # block __v__:value", "comment")]
    [InlineData("echo $'\\'__v__:value'", "$'")]
    [InlineData("echo $__v__:value", "$ stands")]
    [InlineData("echo \\__v__:value", "backslash")]
    [InlineData("echo \"\\__v__:value\"", "backslash")]
    public void Fault_WhereQuotesSayNothing_IsRefused(string command, string why) => Assert.Contains(why, ShellText.Fault(command)?.ToString(), StringComparison.Ordinal);
}
