using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>An arm64 CPU with its half of a GIC and its timer, as guest, board, other CPUs and user space reach it.</summary>
internal sealed class ArmCpuSubject : LawSubject
{
    private static readonly ushort[] Encodings =
    [
        .. SystemRegisterNames.All.Select(name => SystemRegisterNames.TryParse(name, out var encoding) ? encoding : (ushort)0),
        (ushort)IccRegister.Ap0R1, (ushort)IccRegister.Ap1R3, 0x1234,
    ];

    // Those by which interrupts come and go are met more often than the rest.
    private static readonly IccRegister[] Busy =
    [
        IccRegister.Iar1, IccRegister.Eoir1, IccRegister.Iar0, IccRegister.Eoir0, IccRegister.Dir, IccRegister.Pmr, IccRegister.Rpr, IccRegister.Hppir1, IccRegister.Ctlr,
        IccRegister.IgrpEn1, IccRegister.IgrpEn0, IccRegister.Iar1, IccRegister.Bpr1, IccRegister.Ap1R0,
    ];

    private static readonly ulong[] Offsets =
    [
        SgiFrameRegisters.Group, SgiFrameRegisters.SetEnable, SgiFrameRegisters.ClearEnable, SgiFrameRegisters.SetPending, SgiFrameRegisters.ClearPending,
        SgiFrameRegisters.SetActive, SgiFrameRegisters.ClearActive, SgiFrameRegisters.Priority, SgiFrameRegisters.Priority + 0x18, SgiFrameRegisters.SgiConfiguration,
        SgiFrameRegisters.PpiConfiguration, SgiFrameRegisters.GroupModifier, 0xFFE8,
    ];

    private static readonly int[] Interrupts = [32, 39, 40, 63, 64, 1019, 8192, 8195, 8223, 65535, 31, 1020, 8191];

    private readonly GicCpuUapi _gicUapi;
    private readonly ArmCpuUapi _uapi;

    public ArmCpuSubject(GicProfile profile)
    {
        Cpu = new ArmCpu(new GicCpuHost(World), profile, 3, GenericTimer.DefaultTick);
        _gicUapi = new GicCpuUapi(Cpu.Gic);
        _uapi = new ArmCpuUapi(Cpu.State, Cpu.Timer);
    }

    public ArmCpu Cpu { get; }

    private VirtualTime Now => World.Now;

    public override void SyncState(StateSync sync) => Cpu.SyncState(sync);

    protected override string Act(Step step)
    {
        var encoding = Encodings[step.Place % Encodings.Length];
        var busy = Busy[step.Place % Busy.Length];
        var offset = Pick(Offsets, step);
        switch (step.Action % 20)
        {
            case 0:
                return $"{Cpu.TryReadRegister(encoding, Now, out var value)} {value:x}";
            case 1:
                return $"{Cpu.TryWriteRegister(encoding, step.Value, Now)}";
            case 2 or 3:
                return $"{Cpu.Gic.ReadRegister(busy)} {Cpu.Gic.HighestPending}";
            case 4 or 5:
                Cpu.Gic.WriteRegister(busy, step.Place % 3 == 0 ? (ulong)Interrupts[step.Place / 64 % Interrupts.Length] : step.Value);
                return $"{Cpu.Gic.MightWake}";
            case 6 or 7 or 8:
                Cpu.Gic.Take(new Handover(Interrupts[step.Place % Interrupts.Length], (byte)(step.Value >> 8), (HandoverFlags)(byte)(step.Value & 63), (uint)step.Place));
                return $"{Cpu.Gic.HeldCount}";
            case 9:
                return $"{Cpu.Gic.Recall(Interrupts[step.Place % Interrupts.Length] & ~31, (uint)step.Value)}";
            case 10:
                return $"{Cpu.Gic.ReadFrame(offset, Width(step), out var read)} {read:x}";
            case 11 or 12:
                return $"{Cpu.Gic.WriteFrame(offset, Width(step), step.Value)}";
            case 13:
                return $"{Cpu.Gic.TrySetSgi((int)(step.Value % 17), (SgiKind)(step.Place % 3))}";
            case 14:
                Cpu.Gic.DrivePpi((int)(step.Value % 17) + 16, step.Place % 2 == 0);
                return $"{Cpu.State.WakesIdle}";
            case 15:
                return Exchange(step, encoding, offset);
            case 16:
                return Except(step);
            case 17:
                return Manage(step);
            default:
                World.Pass(new VirtualTime((long)(step.Value % 4096) * (step.Place % 2 == 0 ? 2_500 : 1_000_003)), _ => Cpu.Timer.Expire(Now));
                return $"{Cpu.Timer.VirtualCount(Now)} {Cpu.State.WantsInterrupt}";
        }
    }

    private string Exchange(Step step, ushort encoding, ulong offset)
    {
        var id = step.Place % 3 == 0 ? ArmOneRegister.Status + (ulong)(step.Place / 8 % 8) : ArmOneRegister.OfSystem(encoding);
        switch (step.Place / 4 % 8)
        {
            case 0:
                return $"{_gicUapi.GetSystemRegister(encoding, out var register)} {register:x}";
            case 1:
                return $"{_gicUapi.SetSystemRegister(encoding, step.Value)}";
            case 2:
                return $"{_gicUapi.GetFrame((uint)offset):x} {_gicUapi.GetLineLevels():x}";
            case 3:
                _gicUapi.SetFrame((uint)offset, (uint)step.Value);
                return "set";
            case 4:
                _gicUapi.SetLineLevels((uint)step.Value);
                return "levels";
            case 5:
                return $"{_uapi.GetOneRegister(id, Now, out var value)} {value:x}";
            default:
                return $"{_uapi.SetOneRegister(id, step.Value, Now)}";
        }
    }

    private string Except(Step step)
    {
        Cpu.State.WorkRemaining = step.Value >> 2;
        switch (step.Place % 4)
        {
            case 0:
                return $"{Cpu.State.RaiseAddressException((int)(step.Value % 65), (uint)(step.Value >> 39), step.Value, ~step.Value):x}";
            case 1:
                return $"{Cpu.State.ExceptionReturn():x} {Cpu.State.WorkRemaining} {Cpu.State.ExceptionLevel}";
            case 2:
                Cpu.State.ClearMasks((int)step.Value);
                return $"{Cpu.State.Status:x}";
            default:
                return Cpu.State.WantsInterrupt ? $"{Cpu.State.TakeInterrupt(step.Value, out var pin):x} {pin}" : "quiet";
        }
    }

    private string Manage(Step step)
    {
        switch (step.Place % 8)
        {
            case 0:
                Cpu.Reset(Now);
                break;
            case 1:
                Cpu.Timer.Hold(Now);
                break;
            case 2:
                Cpu.Timer.Resume(Now);
                break;
            case 3:
                Cpu.Gic.NoteTaken((int)step.Value & 1);
                break;
            default:
                Cpu.Gic.SetDistributorEnable(step.Place % 16 == 4 ? (uint)step.Value : 3);
                break;
        }

        return $"{Cpu.Gic.IrqLine} {Cpu.Gic.FiqLine}";
    }
}
