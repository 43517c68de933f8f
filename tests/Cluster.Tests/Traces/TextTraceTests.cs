using Xunit;

namespace Trapline.Cluster.Tests.Traces;

public sealed class TextTraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trace-tests-").FullName;

    [Theory]
    [InlineData("ipi[0] write IPI_SEND 4 0x00010000 by vcpu0")]
    [InlineData("ipi[1] write CLEAR 4 0xffffffff by vcpu1")]
    [InlineData("ipi[0] read STATUS 4 0x00000000 by vcpu0")]
    [InlineData("eiointc[0] write ENABLE[0] 8 0xffffffffffffffff by vcpu0")]
    [InlineData("eiointc[0] read COREISR[0] 8 0x0000000000010000 by vcpu0")]
    [InlineData("pchpic[0] write INT_MASK 8 0xfffffffffffeffff by vcpu0")]
    [InlineData("leveldevice[0] write PERIOD 8 0x0000000000004e20 by vcpu0")]
    [InlineData("pchmsi[0] write DOORBELL 4 0x00000028 by vcpu0")]
    [InlineData("csr[0] write TCFG 8 0x0000000000001001")]
    [InlineData("csr[1] write ECFG 8 0x0000000000001805")]
    [InlineData("input 16 driven high by boundary0")]
    [InlineData("raised IPI 0x1")]
    [InlineData("coalesced IPI 0x2")]
    [InlineData("line HWI0 rises, driven by eiointc0")]
    [InlineData("line TI rises, driven by vcpu0")]
    [InlineData("interrupt SWI0 taken at 0x")]
    [InlineData("kicked out of the guest")]
    [InlineData("guest entry after eiointc_write COREISR, ")]
    [InlineData("mark done 7")]
    public void Every_access_has_the_register_s_name_and_every_event_is_told(string text) =>
        Assert.Contains(TracedRun.Of(DeviceScenario.Load(_folder)).Text.Split('\n'), line => line.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void Times_never_go_back_and_instructions_have_their_source()
    {
        var lines = TracedRun.Of(DeviceScenario.Load(_folder)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("# devices", lines[0]);
        var times = lines[1..].Select(line => decimal.Parse(line.AsSpan(0, 14))).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.Contains(lines, line => line.Contains("csr.write t0, TCFG", StringComparison.Ordinal) && line.Contains("devices.guest:", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
