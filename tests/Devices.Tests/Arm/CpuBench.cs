using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The CPUs of a machine with nothing behind them: SGIs go from one to another, SPIs and LPIs are handed over by the test.</summary>
internal sealed class CpuBench
{
    public const HandoverFlags Edge = HandoverFlags.SetLatch | HandoverFlags.Group1;
    public const HandoverFlags HighLine = HandoverFlags.Line | HandoverFlags.LevelTriggered | HandoverFlags.Group1;

    private const uint AllGroups = 3;
    private uint _sequence;

    public CpuBench(int cpus = 4, GicProfile? profile = null)
        : this(VcpuIds.Ascending(cpus), profile)
    {
    }

    public CpuBench(VcpuIds ids, GicProfile? profile = null)
    {
        Ids = ids;
        Profile = profile ?? GicProfiles.Kvm;
        Hosts = [.. Enumerable.Range(0, ids.Count).Select(_ => new CpuBenchHost())];
        Cpus = [.. Enumerable.Range(0, ids.Count).Select(index => new GicCpu(Hosts[index], Profile, ids.IdOf(index)))];
    }

    public VcpuIds Ids { get; }

    public GicProfile Profile { get; }

    public IReadOnlyList<CpuBenchHost> Hosts { get; }

    public IReadOnlyList<GicCpu> Cpus { get; }

    /// <summary>Setup S1 of the vectors: everything enabled, group 1, priority 0xA0.</summary>
    public CpuBench Prepared()
    {
        for (var n = 0; n < Cpus.Count; n++)
        {
            Cpus[n].SetDistributorEnable(AllGroups);
            WriteFrame(n, SgiFrameRegisters.Group, uint.MaxValue);
            WriteFrame(n, SgiFrameRegisters.SetEnable, 0xFFFF);
            for (var offset = SgiFrameRegisters.Priority; offset < SgiFrameRegisters.PriorityEnd; offset += sizeof(uint))
            {
                WriteFrame(n, offset, 0xA0A0A0A0);
            }

            Write(n, IccRegister.Pmr, 0xF0);
            Write(n, IccRegister.IgrpEn1, 1);
            Hosts[n].Reports.Clear();
        }

        return this;
    }

    public ulong Read(int cpu, IccRegister register) => Cpus[cpu].ReadRegister(register);

    /// <summary>Writes a register; one that asks for SGIs is carried out as a vCPU does it.</summary>
    public void Write(int cpu, IccRegister register, ulong value)
    {
        if (!IccRegisters.IsSgi(register))
        {
            Cpus[cpu].WriteRegister(register, value);
            return;
        }

        var request = new SgiRequest(value);
        var position = 0;
        while (request.TryNext(Ids, cpu, ref position, out var target, Profile.TargetsByIndex))
        {
            Cpus[target].TrySetSgi(request.InterruptId, IccRegisters.KindOf(register));
        }
    }

    public uint ReadFrame(int cpu, ulong offset, int size = sizeof(uint))
    {
        Assert.Equal(AccessOutcome.Done, Cpus[cpu].ReadFrame(offset, size, out var value));
        return (uint)value;
    }

    public void WriteFrame(int cpu, ulong offset, ulong value, int size = sizeof(uint)) =>
        Assert.Equal(AccessOutcome.Done, Cpus[cpu].WriteFrame(offset, size, value));

    public void SetPriority(int cpu, int interruptId, byte priority) =>
        WriteFrame(cpu, SgiFrameRegisters.Priority + (ulong)interruptId, priority, 1);

    public void Hand(int cpu, int interruptId, HandoverFlags flags = Edge, byte priority = 0xA0) =>
        Cpus[cpu].Take(new Handover(interruptId, priority, flags, ++_sequence));

    public int Acknowledge(int cpu) => (int)Read(cpu, IccRegister.Iar1);

    public void End(int cpu, int interruptId) => Write(cpu, IccRegister.Eoir1, (ulong)interruptId);

    /// <summary>deliver(n) of the vectors: acknowledges and ends until nothing is left.</summary>
    public List<int> Deliver(int cpu)
    {
        var delivered = new List<int>();
        while (Acknowledge(cpu) is var interruptId && interruptId != 1023)
        {
            delivered.Add(interruptId);
            Assert.True(delivered.Count < 10_000, "there is no end of interrupts");
            End(cpu, interruptId);
        }

        return delivered;
    }

    /// <summary>deliver(n) of every CPU, by index.</summary>
    public List<int>[] DeliverAll() => [.. Enumerable.Range(0, Cpus.Count).Select(Deliver)];
}
