using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>
/// Two CPUs with physical ids 0 and 1, of which an IPI unit's outcomes reach their target at once: what the vectors of
/// the IPI unit are played on.
/// </summary>
internal sealed class TwoCpuBench
{
    private const int CpuCount = 2;

    public TwoCpuBench(TimerRestore restore = TimerRestore.KeepsRemaining)
    {
        Cpus = [new BenchCpu(0, restore), new BenchCpu(1, restore)];
        Uapi = [new CpuUapi(Cpus[0].Csrs, Ids, 0), new CpuUapi(Cpus[1].Csrs, Ids, 1)];
        IpiUapi = new IpiUapi(vcpu => vcpu < CpuCount ? Cpus[vcpu].Ipi : null);
    }

    public BenchCpu[] Cpus { get; }

    public CpuIdMap Ids { get; } = new(CpuCount);

    public CpuUapi[] Uapi { get; }

    public IpiUapi IpiUapi { get; }

    /// <summary>How many outcomes the last write caused, nested ones included.</summary>
    public int OutcomesOfLastWrite { get; private set; }

    public static TwoCpuBench WithIds()
    {
        var bench = new TwoCpuBench();
        for (var cpu = 0; cpu < CpuCount; cpu++)
        {
            Assert.Equal(0, bench.Uapi[cpu].SetOneRegister(OneRegister.OfCsr(Csr.CpuId), (ulong)cpu, VirtualTime.Zero));
        }

        return bench;
    }

    public ulong Read(int cpu, ulong address, int size) => Cpus[cpu].Ipi.Read(address, size);

    public uint Read4(int cpu, ulong address) => (uint)Read(cpu, address, 4);

    public ulong Read8(int cpu, ulong address) => Read(cpu, address, 8);

    public void Write4(int cpu, ulong address, ulong value) => Write(cpu, address, 4, value);

    public void Write8(int cpu, ulong address, ulong value) => Write(cpu, address, 8, value);

    public void Write(int cpu, ulong address, int size, ulong value)
    {
        var outcome = Cpus[cpu].Ipi.Write(address, size, value);
        for (OutcomesOfLastWrite = 0; outcome.Kind != IpiOutcomeKind.Done; OutcomesOfLastWrite++)
        {
            Assert.True(OutcomesOfLastWrite < 4, "a nested send does not end");
            var target = Ids.Find(outcome.CpuId);
            if (target == CpuIdMap.None)
            {
                return;
            }

            var unit = Cpus[target].Ipi;
            if (outcome.Kind == IpiOutcomeKind.SetStatus)
            {
                unit.Set(outcome.Mask);
                outcome = default;
            }
            else
            {
                outcome = unit.MaskedWrite(outcome.Address, outcome.KeepBytes, outcome.Data, outcome.IsBusAccess);
            }
        }
    }

    /// <summary>The asserted lines of a CPU as its IPI unit drives them: <c>{IPI}</c> or <c>{}</c>.</summary>
    public string Lines(int cpu) => Cpus[cpu].IpiHost.Level(IpiUnit.InterruptPin) ? "{IPI}" : "{}";
}
