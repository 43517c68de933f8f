using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The configuration S0 of the spec's vectors, with its setups S1, S2 and mapping B, and its notation.</summary>
internal sealed class ItsBench : IWholeGicObserver
{
    /// <summary>For KVM any address of the ITS is one; QEMU's is GITS_TRANSLATER.</summary>
    public const ulong Doorbell = 0x0808_0040;
    public const ulong Queue = 0x4200_0000;
    public const ulong DeviceTable = 0x4210_0000;
    public const ulong CollectionTable = 0x4220_0000;
    public const ulong Properties = 0x4240_0000;

    public ItsBench(GicProfile? profile = null, int vcpus = 4, GicTopology? topology = null, GuestRam? ram = null)
    {
        Ram = ram ?? new GuestRam();
        Gic = new WholeGic(profile ?? GicProfiles.Kvm, topology ?? GicTopology.Standard(vcpus), Ram, this);
    }

    public static ItsBench Qemu => new(GicProfiles.Qemu11);

    public GuestRam Ram { get; }

    public WholeGic Gic { get; }

    public int Vcpus => Gic.Topology.VcpuIds.Count;

    /// <summary>Results of commands, in order.</summary>
    public List<int> Results { get; } = [];

    public List<DeviceReport> Reports { get; } = [];

    public bool IsQemu => Gic.Profile.TablesAreState;

    public static ulong Itt(int number) => 0x4230_0000 + ((ulong)number * 0x1000);

    public static ulong Pending(int vcpu) => 0x4250_0000 + ((ulong)vcpu * 0x1_0000);

    public static ItsCommand Mapd(uint device, ulong table, uint size, bool valid = true) =>
        new(((ulong)device << 32) | 0x08, size, table | (valid ? 1UL << 63 : 0), 0);

    public static ItsCommand Mapc(uint collection, uint target, bool valid = true) =>
        new(0x09, 0, collection | ((ulong)target << 16) | (valid ? 1UL << 63 : 0), 0);

    public static ItsCommand Mapti(uint device, uint eventId, uint interrupt, uint collection) =>
        new(((ulong)device << 32) | 0x0A, eventId | ((ulong)interrupt << 32), collection, 0);

    public static ItsCommand Mapi(uint device, uint eventId, uint collection) => new(((ulong)device << 32) | 0x0B, eventId, collection, 0);

    public static ItsCommand Movi(uint device, uint eventId, uint collection) => new(((ulong)device << 32) | 0x01, eventId, collection, 0);

    public static ItsCommand Int(uint device, uint eventId) => new(((ulong)device << 32) | 0x03, eventId, 0, 0);

    public static ItsCommand Clear(uint device, uint eventId) => new(((ulong)device << 32) | 0x04, eventId, 0, 0);

    public static ItsCommand Discard(uint device, uint eventId) => new(((ulong)device << 32) | 0x0F, eventId, 0, 0);

    public static ItsCommand Inv(uint device, uint eventId) => new(((ulong)device << 32) | 0x0C, eventId, 0, 0);

    public static ItsCommand Invall(uint collection) => new(0x0D, 0, collection, 0);

    public static ItsCommand Movall(uint from, uint to) => new(0x0E, 0, (ulong)from << 16, (ulong)to << 16);

    public static ItsCommand Sync() => new(0x05, 0, 0, 0);

    public ulong R64(ulong offset, int its = 0) => Gic.Read(GicSpace.Its, its, offset, 8);

    public uint R32(ulong offset, int its = 0) => (uint)Gic.Read(GicSpace.Its, its, offset, 4);

    public void W64(ulong offset, ulong value, int its = 0) => Gic.Write(GicSpace.Its, its, offset, 8, value);

    public void W32(ulong offset, uint value, int its = 0) => Gic.Write(GicSpace.Its, its, offset, 4, value);

    public void Redistributor(int vcpu, ulong offset, ulong value, int size = 4) => Gic.Write(GicSpace.Redistributor, vcpu, offset, size, value);

    /// <summary>S1, with what makes QEMU look like KVM (spec 12.4).</summary>
    public ItsBench SetUpCpus()
    {
        if (IsQemu)
        {
            for (ulong offset = 0x80; offset < 0xA4; offset += 4)
            {
                Gic.Write(GicSpace.Distributor, 0, offset, 4, uint.MaxValue);
            }
        }

        Gic.Write(GicSpace.Distributor, 0, 0, 4, 2);
        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            Redistributor(vcpu, 0x1_0080, uint.MaxValue);
            Redistributor(vcpu, 0x1_0100, 0xFFFF);
            for (ulong offset = 0x1_0400; offset < 0x1_0420; offset += 4)
            {
                Redistributor(vcpu, offset, 0xA0A0_A0A0);
            }

            Gic.WriteSystem(vcpu, IccRegister.Pmr, 0xF0);
            Gic.WriteSystem(vcpu, IccRegister.IgrpEn1, 1);
        }

        return this;
    }

    /// <summary>S2.</summary>
    public ItsBench SetUp()
    {
        _ = SetUpCpus();
        for (uint interrupt = 8192; interrupt <= 8703; interrupt++)
        {
            SetProperty(interrupt, 0xA3);
        }

        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            Redistributor(vcpu, 0x70, 0x4240_000F, 8);
            Redistributor(vcpu, 0x78, Pending(vcpu), 8);
            Redistributor(vcpu, 0, 1);
        }

        W64(ItsOffsets.TableBase, 0x8000_0000_4210_0200);
        W64(ItsOffsets.TableBase + 8, 0x8000_0000_4220_0200);
        W64(ItsOffsets.QueueBase, 0x8000_0000_4200_0000);
        W64(ItsOffsets.QueueWrite, 0);
        W32(ItsOffsets.Control, 1);
        return this;
    }

    /// <summary>S2 and B.</summary>
    public ItsBench Map(int secondTable = 7)
    {
        _ = SetUp();
        var first = secondTable == 7 ? Itt(2) : Itt(0);
        Send(Mapd(2, first, 7), Mapd(7, secondTable == 7 ? Itt(7) : Itt(1), 7), Mapc(3, 3), Mapc(2, 2), Mapti(2, 20, 8195, 3), Mapti(7, 255, 8196, 2));
        Results.Clear();
        return this;
    }

    /// <summary>The addresses of the save vectors: tables of events at 0x42300000 and 0x42301000.</summary>
    public ItsBench MapForSave() => Map(secondTable: 1);

    public void SetProperty(uint interrupt, byte value) => Ram.SetByte(Properties + interrupt - 8192, value);

    public void SetPendingBit(int vcpu, uint interrupt) => Ram.SetByte(Pending(vcpu) + (interrupt / 8), (byte)(PendingByte(vcpu, interrupt) | (1 << (int)(interrupt % 8))));

    public byte PendingByte(int vcpu, uint interrupt) => Ram.Byte(Pending(vcpu) + (interrupt / 8));

    /// <summary>Stores commands at CWRITER, one write of CWRITER for each.</summary>
    /// <returns>The result of the last.</returns>
    public int Send(params ReadOnlySpan<ItsCommand> commands)
    {
        foreach (var command in commands)
        {
            W64(ItsOffsets.QueueWrite, Store(command, (uint)R64(ItsOffsets.QueueWrite) & 0xF_FFE0));
        }

        return Results.Count == 0 ? int.MinValue : Results[^1];
    }

    /// <summary>Stores commands at CWRITER, and writes CWRITER once.</summary>
    public void SendAtOnce(params ReadOnlySpan<ItsCommand> commands)
    {
        var at = (uint)R64(ItsOffsets.QueueWrite);
        foreach (var command in commands)
        {
            at = Store(command, at);
        }

        W64(ItsOffsets.QueueWrite, at);
    }

    /// <summary>deliver(n): acknowledge and end until there is nothing.</summary>
    public List<uint> Deliver(int vcpu)
    {
        var delivered = new List<uint>();
        while (Acknowledge(vcpu) is var interrupt and not 1023)
        {
            delivered.Add(interrupt);
            End(vcpu, interrupt);
            Assert.True(delivered.Count < 70_000, "LPIs without end");
        }

        return delivered;
    }

    /// <summary>What all vCPUs get, as "vcpu:intid".</summary>
    public string DeliverAll() => string.Join(' ', Enumerable.Range(0, Vcpus).SelectMany(vcpu => Deliver(vcpu).Select(interrupt => $"{vcpu}:{interrupt}")));

    public uint Acknowledge(int vcpu) => (uint)Gic.ReadSystem(vcpu, IccRegister.Iar1);

    public void End(int vcpu, uint interrupt) => Gic.WriteSystem(vcpu, IccRegister.Eoir1, interrupt);

    public void Mask(int vcpu) => Gic.WriteSystem(vcpu, IccRegister.Pmr, 0);

    public void Unmask(int vcpu) => Gic.WriteSystem(vcpu, IccRegister.Pmr, 0xF0);

    public int Signal(uint eventId, uint device, uint flags = 1, ulong address = Doorbell) => Gic.SendMessage(address, eventId, flags, device);

    public int Control(ulong attribute, int its = 0) => Gic.SetItsAttribute(its, ItsUapi.ControlGroup, attribute, 0);

    public int SaveTables() => Control(ItsUapi.ControlSaveTables);

    public int RestoreTables() => Control(ItsUapi.ControlRestoreTables);

    public int Reset() => Control(ItsUapi.ControlReset);

    /// <summary>SAVE_PENDING_TABLES of the GIC's device.</summary>
    public int SavePending() => Gic.SetAttribute(4, 3, 0);

    public int SetRegister(ulong offset, ulong value) => Gic.SetItsAttribute(0, ItsUapi.RegistersGroup, offset, value);

    public int GetRegister(ulong offset, out ulong value) => Gic.GetItsAttribute(0, ItsUapi.RegistersGroup, offset, out value);

    /// <summary>A queue of another size, empty.</summary>
    public void SetQueue(uint pages)
    {
        W32(ItsOffsets.Control, 0);
        W64(ItsOffsets.QueueBase, 0x8000_0000_4200_0000 | pages);
        W64(ItsOffsets.QueueWrite, 0);
        W32(ItsOffsets.Control, 1);
    }

    void IWholeGicObserver.CommandDone(int its, uint offset, byte opcode, int result) => Results.Add(result);

    void IWholeGicObserver.Ended(int interruptId)
    {
    }

    void IWholeGicObserver.Report(int vcpu, in DeviceReport report) => Reports.Add(report);

    private uint Store(in ItsCommand command, uint at)
    {
        var address = (R64(ItsOffsets.QueueBase) & 0x000F_FFFF_FFFF_F000) + at;
        (Ram[address], Ram[address + 8], Ram[address + 16], Ram[address + 24]) = (command.Word0, command.Word1, command.Word2, command.Word3);
        var size = (uint)((R64(ItsOffsets.QueueBase) & 0xFF) + 1) * 0x1000;
        return (at + ItsCommand.Bytes) % size;
    }
}
