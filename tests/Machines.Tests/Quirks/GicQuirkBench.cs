using System.Buffers.Binary;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Quirks;

namespace Trapline.Machines.Tests.Quirks;

/// <summary>A GIC with quirks in the configuration of the specification's vectors (0.3), and the setup that they start from.</summary>
internal sealed class GicQuirkBench : IGuestMemory
{
    public const ulong DeviceTable = 0x4210_0000;
    public const ulong OtherDeviceTable = 0x4218_0000;
    public const ulong CollectionTable = 0x4220_0000;

    private const ulong Start = 0x4000_0000;
    private const ulong Queue = 0x4200_0000;
    private const ulong Properties = 0x4240_0000;
    private const ulong Pending = 0x4250_0000;

    private readonly byte[] _memory = new byte[0x300_0000];
    private ulong _write;

    /// <param name="quirks">On top of KVM.</param>
    /// <param name="ids">Of the vCPUs, in the order of creation.</param>
    public GicQuirkBench(QuirkSet quirks, params int[] ids)
    {
        Gic = new WholeGic(quirks.ApplyTo(GicProfiles.Kvm), GicTopology.Standard(4) with { VcpuIds = ids.Length == 0 ? [0, 1, 2, 3] : ids }, this);
        Gic.Write(GicSpace.Distributor, 0, 0, 4, 2);
        _memory.AsSpan((int)(Properties - Start), 512).Fill(0xA3);
        for (var vcpu = 0; vcpu < 4; vcpu++)
        {
            Gic.WriteSystem(vcpu, IccRegister.Pmr, 0xF0);
            Gic.WriteSystem(vcpu, IccRegister.IgrpEn1, 1);
            Gic.Write(GicSpace.Redistributor, vcpu, 0x70, 8, Properties | 0xF);
            Gic.Write(GicSpace.Redistributor, vcpu, 0x78, 8, Pending + ((ulong)vcpu * 0x1_0000));
            Gic.Write(GicSpace.Redistributor, vcpu, 0, 4, 1);
        }
    }

    public WholeGic Gic { get; }

    /// <summary>A word of memory.</summary>
    public ulong this[ulong address]
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_memory.AsSpan((int)(address - Start)));
        set => BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)(address - Start)), value);
    }

    public static ulong Table(int device) => 0x4230_0000 + ((ulong)device * 0x1000);

    /// <summary>Switches the ITS on, with its tables.</summary>
    public GicQuirkBench Enable(ulong devices = DeviceTable, bool indirect = false)
    {
        Gic.Write(GicSpace.Its, 0, 0, 4, 0);
        Gic.Write(GicSpace.Its, 0, 0x100, 8, devices | (1UL << 63) | (indirect ? 1UL << 62 : 0));
        Gic.Write(GicSpace.Its, 0, 0x108, 8, CollectionTable | (1UL << 63));
        Gic.Write(GicSpace.Its, 0, 0x80, 8, Queue | (1UL << 63) | 0xF);
        Gic.Write(GicSpace.Its, 0, 0, 4, 1);
        _write = 0;
        return this;
    }

    /// <summary>Devices 2 and 7, events 20 and 255, LPIs 8195 and 8196, vCPUs 3 and 2.</summary>
    public GicQuirkBench Map() => Enable()
        .Send(MapDevice(2)).Send(MapDevice(7)).Send(MapCollection(3, 3)).Send(MapCollection(2, 2))
        .Send([0x2_0000_000A, 20 | (8195UL << 32), 3, 0]).Send([0x7_0000_000A, 255 | (8196UL << 32), 2, 0]);

    public static ulong[] MapDevice(uint device, bool valid = true) => [((ulong)device << 32) | 8, 7, Table((int)(device % 8192)) | (valid ? 1UL << 63 : 0), 0];

    public static ulong[] MapCollection(uint collection, uint target) => [9, 0, collection | ((ulong)target << 16) | (1UL << 63), 0];

    public static ulong[] Raise(uint device, uint eventId) => [((ulong)device << 32) | 3, eventId, 0, 0];

    public GicQuirkBench Send(ulong[] command)
    {
        for (var i = 0; i < 4; i++)
        {
            this[Queue + _write + (8 * (ulong)i)] = command[i];
        }

        _write += 32;
        Gic.Write(GicSpace.Its, 0, 0x88, 8, _write);
        return this;
    }

    public GicQuirkBench Mask(int vcpu, ulong priority)
    {
        Gic.WriteSystem(vcpu, IccRegister.Pmr, priority);
        return this;
    }

    /// <summary>What a vCPU acknowledges, one after the other.</summary>
    public string Acknowledge(int vcpu)
    {
        List<ulong> taken = [];
        for (var interrupt = Gic.ReadSystem(vcpu, IccRegister.Iar1); interrupt != InterruptIds.Spurious; interrupt = Gic.ReadSystem(vcpu, IccRegister.Iar1))
        {
            taken.Add(interrupt);
            Gic.WriteSystem(vcpu, IccRegister.Eoir1, interrupt);
        }

        return string.Join(' ', taken.Order());
    }

    public int Control(ulong attribute) => Gic.SetItsAttribute(0, GicAttributes.Control, attribute, 0);

    public bool IsRam(ulong address) => address - Start < (ulong)_memory.Length;

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        value = 0;
        for (var i = bytes - 1; i >= 0 && IsRam(address); i--)
        {
            value = (value << 8) | _memory[(int)(address - Start) + i];
        }

        return IsRam(address);
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        for (var i = 0; i < bytes && IsRam(address); i++)
        {
            _memory[(int)(address - Start) + i] = (byte)(value >> (8 * i));
        }

        return IsRam(address);
    }
}
