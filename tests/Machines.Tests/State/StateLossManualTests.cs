using Trapline.Devices.LoongArch.Transfer;
using Xunit;

namespace Trapline.Machines.Tests.State;

public sealed class StateLossManualTests
{
    [Fact]
    public void The_manual_has_the_table_of_losses()
    {
        var rows = UapiLosses.All.Select(loss => $"| `{loss.Name}` | {loss.Device} | {loss.What} | {(loss.When.Length == 0 ? "always" : loss.When)} | {string.Join(", ", loss.Rows.Select(row => $"`{row}`"))} | {loss.Source} |");
        var table = string.Join('\n', ["| loss | device | what | when | raw rows | told of in |", "| --- | --- | --- | --- | --- | --- |", .. rows]);
        var manual = File.ReadAllText(Repository.PathOf("docs", "manual", "state-losses.md"));
        Assert.True(manual.Contains(table, StringComparison.Ordinal), $"docs/manual/state-losses.md should have this table:\n{table}");
    }
}
