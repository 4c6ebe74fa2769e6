using Beacon.Alerting.Playbooks.Actions.Scripts;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Scripts;

public sealed class PowerShellTextTests
{
    [Theory]
    [InlineData("Set-Thing __v__:value")]
    [InlineData("Set-Thing \"a __v__:value\" -Name:__v__:value")]
    [InlineData("# it's a comment\nSet-Thing __v__:value")]
    [InlineData("<# it's \n a #comment #> Set-Thing __v__:value")]
    [InlineData("$a = 'it''s' + __v__:value")]
    [InlineData("$a = \"say `\" and \"\" __v__:value\"")]
    [InlineData("$a = @'\nit's\n'@ + __v__:value")]
    [InlineData("$a = @\"\n\"quoted\" __v__:value\n\"@")]
    [InlineData("if ($x -eq __v__:value) { $(__v__:value) }")]
    [InlineData("net --% 'a\nSet-Thing __v__:value")]
    [InlineData("$a = \"b#c\"; f a#b __v__:value")]
    public void Fault_WhereItIsFilledIn_IsNone(string command) => Assert.Null(PowerShellText.Fault(command));

    [Theory]
    [InlineData("Set-Thing 'a __v__:value'", "single quotes")]
    [InlineData("Set-Thing \u2018a __v__:value\u2019", "single quotes")]
    [InlineData("$a = @'\n__v__:value\n'@", "single quotes")]
    [InlineData("f # __v__:value", "comment")]
    [InlineData("<# __v__:value #>", "comment")]
    [InlineData("f `__v__:value", "backtick")]
    [InlineData("f \"`__v__:value\"", "backtick")]
    [InlineData("f $__v__:value", "$ stands")]
    [InlineData("net --% __v__:value", "--%")]
    [InlineData("f \"$(g 'a __v__:value')\"", "expression within double quotes")]
    public void Fault_WhereItIsNot_IsRefused(string command, string why) => Assert.Contains(why, PowerShellText.Fault(command)?.ToString(), StringComparison.Ordinal);
}
