using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Who gets a paravirtual IPI.</summary>
public sealed class HypercallTargetsTests
{
    [Fact]
    public void I24_both_cpus_of_the_map_get_SWI0()
    {
        var bench = MachineBench.WithIds();
        var targets = new HypercallTargets(0b11, 0, 0);
        while (targets.TryTake(out var cpuId))
        {
            bench.Cpus[bench.Ids.Find((int)cpuId)].Interrupts.Queue(CpuLines.Swi0);
        }

        foreach (var cpu in bench.Cpus)
        {
            cpu.Csrs.EnterGuest(VirtualTime.Zero);
            Assert.Equal(1ul << CpuLines.Swi0, cpu.Interrupts.ReadCsr(Csr.Estat));
        }
    }

    [Theory]
    [InlineData(0ul, 0ul, 0ul, "")]
    [InlineData(0b101ul, 0ul, 7ul, "7,9")]
    [InlineData(1ul << 63, 0b11ul, 100ul, "163,164,165")]
    [InlineData(0ul, 1ul << 63, 0ul, "127")]
    public void Targets_come_in_ascending_order(ulong low, ulong high, ulong first, string expected)
    {
        var taken = new List<ulong>();
        var targets = new HypercallTargets(low, high, first);
        while (targets.TryTake(out var cpuId))
        {
            taken.Add(cpuId);
        }

        Assert.Equal(expected, string.Join(',', taken));
    }
}
