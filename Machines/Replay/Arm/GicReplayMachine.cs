using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Recordings.Arm;
using Trapline.Messages.State;

namespace Trapline.Machines.Replay.Arm;

/// <summary>
/// The GIC and the memory of a recorded machine, without CPUs, time or messages: an input goes in, and all that it causes has
/// happened when the call returns.
/// </summary>
internal sealed class GicReplayMachine
{
    private const ulong CommandBase = 0x80;
    private const ulong TableBase = 0x100;
    private const ulong PropertyBase = 0x70;

    /// <summary>Bits 51:12 of CBASER and PROPBASER.</summary>
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>GITS_BASER.Indirect.</summary>
    private const ulong IndirectTable = 1UL << 62;

    /// <summary>KVM_MSI_VALID_DEVID: the message comes from a device behind the ITS.</summary>
    private const uint HasDeviceId = 1;

    /// <summary>GITS_TRANSLATER from the base of the ITS.</summary>
    private const ulong Translater = 0x1_0040;

    private readonly GicProfile _profile;
    private readonly GicTopology _topology;
    private readonly SparseMemory _memory;
    private WholeGic _gic;

    public GicReplayMachine(GicHeader header, GicProfile profile)
    {
        _profile = profile;
        _topology = GicTopology.Standard(header.Cpus, header.HasIts) with { HasUnmaskable = header.HasUnmaskable };
        _memory = new SparseMemory(header.MemoryBytes);
        _gic = new WholeGic(_profile, _topology, _memory);
    }

    /// <summary>More memory was written than is kept.</summary>
    public bool IsMemoryFull => _memory.IsFull;

    /// <summary>The level of a CPU's IRQ input.</summary>
    public bool LineOf(int cpu) => _gic.IrqLine(cpu);

    /// <summary>What the guest reads.</summary>
    public ulong Read(in GicEvent access) => access.Frame == GicFrame.CpuInterface
        ? _gic.ReadSystem(access.Cpu, access.Register!.Register)
        : _gic.Read(SpaceOf(access.Frame), access.Index, access.Address, access.Size);

    /// <summary>Acknowledges on a CPU; what ICC_IAR1_EL1 reads.</summary>
    public ulong Acknowledge(int cpu) => _gic.ReadSystem(cpu, IccRegister.Iar1);

    /// <summary>An input that is neither read nor acknowledge.</summary>
    public void Apply(in GicEvent input)
    {
        switch (input.Kind)
        {
            case GicEventKind.Write when input.Frame == GicFrame.CpuInterface:
                _gic.WriteSystem(input.Cpu, input.Register!.Register, input.Value);
                break;
            case GicEventKind.Write:
                _gic.Write(SpaceOf(input.Frame), input.Index, input.Address, input.Size, input.Value);
                break;
            case GicEventKind.End:
                _gic.WriteSystem(input.Cpu, IccRegister.Eoir1, (uint)input.InterruptId);
                break;
            case GicEventKind.Deactivate:
                _gic.WriteSystem(input.Cpu, IccRegister.Dir, (uint)input.InterruptId);
                break;
            case GicEventKind.SpiLine:
                _ = _gic.DriveSpi(input.InterruptId, input.Level);
                break;
            case GicEventKind.PpiLine:
                _ = _gic.DrivePpi(input.Cpu, input.InterruptId, input.Level);
                break;
            case GicEventKind.Message when _topology.ItsBases.Count > 0:
                _ = _gic.SendMessage(_topology.ItsBases[0] + Translater, (uint)input.Value, HasDeviceId, (uint)input.Address);
                break;
            case GicEventKind.CpuOn:
                _gic.ResetCpuInterface(input.Cpu);
                break;
            case GicEventKind.Reset:
                Reset();
                break;
            default:
                Store(in input);
                break;
        }
    }

    /// <summary>All rows, for people.</summary>
    public void SyncState(StateSync sync) => _gic.SyncState(sync);

    /// <summary>Guests clear their tables before use with stores that recordings do not have: what a boot left is not there for the next.</summary>
    private void Reset()
    {
        _memory.Clear();
        _gic = new WholeGic(_profile, _topology, _memory);
    }

    private void Store(in GicEvent input)
    {
        switch (input.Kind)
        {
            case GicEventKind.Command when _topology.ItsBases.Count > 0:
                var queue = (_gic.Read(GicSpace.Its, 0, CommandBase, sizeof(ulong)) & AddressMask) + input.Address;
                for (var word = 0; word < GicCommandWords.Bytes / sizeof(ulong); word++)
                {
                    _ = _memory.TryWrite(queue + (uint)(word * sizeof(ulong)), sizeof(ulong), input.Command[word]);
                }

                break;
            case GicEventKind.Property:
                _ = _memory.TryWrite(PropertyTable() + (uint)(input.InterruptId - InterruptIds.FirstLpi), 1, input.Value);
                break;
            case GicEventKind.Fill:
                _memory.Fill(input.Address, input.Length, (byte)input.Value);
                break;
            case GicEventKind.Store:
                _ = _memory.TryWrite(input.Address, input.Size, input.Value);
                ClearSecondLevel(in input);
                break;
            default:
                break;
        }
    }

    /// <summary>The grammar: the page that an entry of a first level names has been zeroed. How long it is, GITS_BASER says.</summary>
    private void ClearSecondLevel(in GicEvent store)
    {
        const ulong valid = 1UL << 63;
        if (store.Area is not ((byte)'0' or (byte)'1') || store.Size != sizeof(ulong) || (store.Value & valid) == 0 || _topology.ItsBases.Count == 0)
        {
            return;
        }

        var table = _gic.Read(GicSpace.Its, 0, TableBase + ((ulong)(store.Area - (byte)'0') * sizeof(ulong)), sizeof(ulong));
        if ((table & IndirectTable) != 0)
        {
            var pageBytes = PageBytesOf(table);
            _memory.Fill(store.Value & AddressMask & ~(ulong)(pageBytes - 1), pageBytes, 0);
        }
    }

    private static int PageBytesOf(ulong table) => ((table >> 8) & 3) switch
    {
        0 => 0x1000,
        1 => 0x4000,
        _ => 0x1_0000,
    };

    /// <summary>Where the guest has it: every redistributor that it has told is told the same.</summary>
    private ulong PropertyTable()
    {
        for (var cpu = 0; cpu < _topology.VcpuIds.Count; cpu++)
        {
            var table = _gic.Read(GicSpace.Redistributor, cpu, PropertyBase, sizeof(ulong)) & AddressMask;
            if (table != 0)
            {
                return table;
            }
        }

        return 0;
    }

    private static GicSpace SpaceOf(GicFrame frame) => frame switch
    {
        GicFrame.Distributor => GicSpace.Distributor,
        GicFrame.Redistributor => GicSpace.Redistributor,
        _ => GicSpace.Its,
    };
}
