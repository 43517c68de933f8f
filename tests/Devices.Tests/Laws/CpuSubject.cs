using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>All registers of a CPU with its interrupts and timer, as guest and user space reach them.</summary>
internal sealed class CpuSubject : LawSubject
{
    private static readonly int[] Registers =
    [
        Csr.Crmd, Csr.Prmd, Csr.Euen, Csr.Misc, Csr.Ecfg, Csr.Estat, Csr.Era, Csr.Badv, Csr.Eentry, Csr.CpuId, Csr.Save0,
        Csr.Save0 + 7, Csr.Tid, Csr.Tcfg, Csr.Tval, Csr.Cntc, Csr.Ticlr, Csr.Work, Csr.Badi, 0x99, Csr.Tcfg, Csr.Tval,
    ];

    private readonly CpuIdMap _ids = new(1);

    public CpuSubject(LoongArchProfile profile, TimerRestore restore)
    {
        Csrs = new CsrFile(World, profile, 0, ConstantTimer.DefaultTick, restore);
        Uapi = new CpuUapi(Csrs, _ids, 0, StealTime);
    }

    public CsrFile Csrs { get; }

    public CpuUapi Uapi { get; }

    public StealTime StealTime { get; } = new();

    public VirtualTime Now => World.Now;

    public override void SyncState(StateSync sync)
    {
        _ids.SyncState(sync);
        StealTime.SyncState(sync);
        Csrs.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var line = (int)(step.Value % (CpuLines.Count + 1));
        var register = Registers[step.Place / 8 % Registers.Length];
        switch (step.Action % 13)
        {
            case 0 or 1:
                return $"{Csrs.ReadCsr(register, Now):x}";
            case 2 or 3:
                Csrs.WriteCsr(register, step.Value, Now);
                return "written";
            case 4:
                return $"{Csrs.ExchangeCsr(register, step.Value, ~step.Value << 3, Now):x}";
            case 5:
                Csrs.Interrupts.Queue(line);
                return "queued";
            case 6:
                Csrs.Interrupts.Dequeue(line);
                return "dequeued";
            case 7:
                return Enter(step.Value);
            case 8:
                return $"{Csrs.Interrupts.RaiseAddressFault(ExceptionCodes.Ine, 3, step.Value, ~step.Value):x}";
            case 9:
                return $"{Csrs.Interrupts.ExceptionReturn():x} {Csrs.Interrupts.WorkRemaining}";
            case 10:
                return $"{Uapi.SetOneRegister(step.Place % 64 == 0 ? OneRegister.VcpuReset : OneRegister.OfCsr(register), step.Value, Now)} {Uapi.Interrupt(line - 6)}";
            case 11:
                return $"{Uapi.GetOneRegister(OneRegister.OfCsr(register), Now, out var value)} {value:x}";
            case 12 when step.Place % 8 == 0:
                return $"{StealTime.TryRegister((step.Value << 6) | 1, Now)} {StealTime.Address:x}";
            case 12 when step.Place % 8 == 1 && StealTime.UpdateWanted:
                StealTime.Update(World, Now, clearsPreempted: false);
                return "updated";
            default:
                World.Pass(new VirtualTime((long)(step.Value % 4096) * (step.Place % 2 == 0 ? 2_500 : 1_000_003)), _ => Csrs.Timer.Expire(Now));
                return $"{Csrs.Timer.StableCounter(Now)} {Csrs.Interrupts.WakesBlocked} {Csrs.Interrupts.DrivenLines}";
        }
    }

    private string Enter(ulong programCounter)
    {
        Csrs.EnterGuest(Now);
        Csrs.Interrupts.WorkRemaining = programCounter >> 1;
        var line = -1;
        return Csrs.Interrupts.WantsInterrupt ? $"{Csrs.Interrupts.TakeInterrupt(programCounter, out line):x} {line}" : "quiet";
    }
}
