using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>One CPU of the bench: its registers, its IPI unit, and the wire between them.</summary>
internal sealed class BenchCpu
{
    public BenchCpu(LoongArchProfile profile, int vcpu, TimerRestore restore)
    {
        CsrHost = new RecordingHost();
        Csrs = new CsrFile(CsrHost, profile, vcpu, ConstantTimer.DefaultTick, restore);
        IpiHost = new RecordingHost { Driven = DriveIpiLine };
        Ipi = new IpiUnit(IpiHost, profile, vcpu);
    }

    public RecordingHost CsrHost { get; }

    public RecordingHost IpiHost { get; }

    public CsrFile Csrs { get; }

    public CpuInterrupts Interrupts => Csrs.Interrupts;

    public IpiUnit Ipi { get; }

    private void DriveIpiLine(int pin, bool level)
    {
        if (level)
        {
            Interrupts.Queue(CpuLines.Ipi);
        }
        else
        {
            Interrupts.Dequeue(CpuLines.Ipi);
        }
    }
}
