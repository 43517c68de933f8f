using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>A whole GIC with the notation of the spec's vectors (13): D, R(n), T are the frames, deliver(n) acknowledges and ends all.</summary>
internal sealed class GicBench : IWholeGicObserver
{
    public const int Word = 4;
    public const int Double = 8;
    public const int Spurious = InterruptIds.Spurious;

    public const ulong SgiFrame = 0x10000;
    public const ulong CommandQueue = 0x4200_0000;
    public const ulong Properties = 0x4240_0000;

    public GicBench(GicProfile? profile = null, int vcpus = 4, bool hasIts = true)
        : this(profile ?? GicProfiles.Kvm, GicTopology.Standard(vcpus, hasIts))
    {
    }

    public GicBench(GicProfile profile, GicTopology topology) => Gic = new WholeGic(profile, topology, Memory, this);

    public GuestRam Memory { get; } = new();

    public WholeGic Gic { get; }

    /// <summary>SPIs that resample eventfds would hear of.</summary>
    public List<int> Ended { get; } = [];

    /// <summary>Results of ITS commands.</summary>
    public List<int> Results { get; } = [];

    public List<(int Vcpu, DeviceReport Report)> Reports { get; } = [];

    public static ulong PendingTable(int vcpu) => 0x4250_0000 + ((ulong)vcpu * 0x10000);

    public static ulong Itt(int device) => 0x4230_0000 + ((ulong)device * 0x1000);

    /// <summary>Setup S1: the distributor on, every CPU interface open for group 1.</summary>
    public GicBench S1()
    {
        WriteD(0, 2);
        for (var cpu = 0; cpu < Gic.Topology.VcpuIds.Count; cpu++)
        {
            WriteR(cpu, SgiFrame + 0x80, uint.MaxValue);
            WriteR(cpu, SgiFrame + 0x100, 0xFFFF);
            for (ulong offset = 0x400; offset <= 0x41C; offset += Word)
            {
                WriteR(cpu, SgiFrame + offset, 0xA0A0A0A0);
            }

            Write(cpu, IccRegister.Pmr, 0xF0);
            Write(cpu, IccRegister.IgrpEn1, 1);
        }

        return this;
    }

    /// <summary>Setup S2: S1, LPIs on everywhere, the ITS on, properties 0xA3.</summary>
    public GicBench S2()
    {
        S1();
        for (var cpu = 0; cpu < Gic.Topology.VcpuIds.Count; cpu++)
        {
            WriteR(cpu, 0x70, 0x4240000F, Double);
            WriteR(cpu, 0x78, PendingTable(cpu), Double);
            WriteR(cpu, 0, 1);
        }

        WriteT(0x100, 0x8000000042100200, Double);
        WriteT(0x108, 0x8000000042200200, Double);
        WriteT(0x80, 0x8000000042000000, Double);
        WriteT(0x88, 0, Double);
        WriteT(0, 1);
        for (var interruptId = 8192; interruptId < 8704; interruptId++)
        {
            SetProperty(interruptId, 0xA3);
        }

        return this;
    }

    /// <summary>The SPI of the vectors of 13.4: 40, enabled, to CPU 1, priority 0xA0.</summary>
    public GicBench Spi40()
    {
        S1();
        WriteD(0x104, 0x100);
        WriteD(0x6000 + (40 * 8), 1, Double);
        WriteD(0x428, 0xA0, 1);
        return this;
    }

    public ulong ReadD(ulong offset, int size = Word) => Gic.Read(GicSpace.Distributor, 0, offset, size);

    public void WriteD(ulong offset, ulong value, int size = Word) => Gic.Write(GicSpace.Distributor, 0, offset, size, value);

    public ulong ReadR(int cpu, ulong offset, int size = Word) => Gic.Read(GicSpace.Redistributor, cpu, offset, size);

    public void WriteR(int cpu, ulong offset, ulong value, int size = Word) => Gic.Write(GicSpace.Redistributor, cpu, offset, size, value);

    public ulong ReadT(ulong offset, int size = Word) => Gic.Read(GicSpace.Its, 0, offset, size);

    public void WriteT(ulong offset, ulong value, int size = Word) => Gic.Write(GicSpace.Its, 0, offset, size, value);

    public ulong Read(int cpu, IccRegister register) => Gic.ReadSystem(cpu, register);

    public void Write(int cpu, IccRegister register, ulong value) => Gic.WriteSystem(cpu, register, value);

    public int Acknowledge(int cpu) => (int)Read(cpu, IccRegister.Iar1);

    public void End(int cpu, int interruptId) => Write(cpu, IccRegister.Eoir1, (ulong)interruptId);

    public int Highest(int cpu) => (int)Read(cpu, IccRegister.Hppir1);

    public List<int> Deliver(int cpu)
    {
        var delivered = new List<int>();
        while (Acknowledge(cpu) is var interruptId && interruptId != Spurious)
        {
            delivered.Add(interruptId);
            Assert.True(delivered.Count < 10_000, "there is no end of interrupts");
            End(cpu, interruptId);
        }

        return delivered;
    }

    public void SetProperty(int interruptId, byte property) => Assert.True(Memory.TryWrite(Properties + (ulong)(interruptId - 8192), 1, property));

    /// <summary>"send": a command into the queue, and CWRITER behind it.</summary>
    /// <returns>Its result.</returns>
    public int Send(ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        var at = ReadT(0x88, Double);
        ulong[] words = [word0, word1, word2, word3];
        for (var i = 0; i < words.Length; i++)
        {
            Memory[CommandQueue + at + (ulong)(i * Double)] = words[i];
        }

        WriteT(0x88, (at + 32) % 0x1000, Double);
        return Results[^1];
    }

    public int MapDevice(int device, int size = 7) => Send(0x08 | ((ulong)device << 32), (ulong)size, (1UL << 63) | Itt(device));

    public int MapCollection(int collection, int vcpu) => Send(0x09, 0, (1UL << 63) | ((ulong)vcpu << 16) | (uint)collection);

    public int MapEvent(int device, int eventId, int interruptId, int collection) =>
        Send(0x0A | ((ulong)device << 32), (uint)eventId | ((ulong)interruptId << 32), (uint)collection);

    public int Int(int device, int eventId) => Send(0x03 | ((ulong)device << 32), (uint)eventId);

    public int Get(uint group, ulong attribute, out ulong value) => Gic.GetAttribute(group, attribute, out value);

    public int Set(uint group, ulong attribute, ulong value) => Gic.SetAttribute(group, attribute, value);

    /// <summary>An attribute that must be readable.</summary>
    public ulong Get(uint group, ulong attribute)
    {
        Assert.Equal(0, Get(group, attribute, out var value));
        return value;
    }

    void IWholeGicObserver.CommandDone(int its, uint offset, byte opcode, int result) => Results.Add(result);

    void IWholeGicObserver.Ended(int interruptId) => Ended.Add(interruptId);

    void IWholeGicObserver.Report(int vcpu, in DeviceReport report) => Reports.Add((vcpu, report));
}
