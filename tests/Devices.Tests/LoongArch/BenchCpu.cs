using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Timer;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>One CPU of the bench: its registers, its IPI unit, and the wire between them.</summary>
internal sealed class BenchCpu
{
    public BenchCpu(int vcpu, TimerRestore restore = TimerRestore.KeepsRemaining)
    {
        CsrHost = new RecordingHost();
        Csrs = new CsrFile(CsrHost, vcpu, ConstantTimer.DefaultTick, restore);
        IpiHost = new RecordingHost { Driven = DriveIpiLine };
        Ipi = new IpiUnit(IpiHost);
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
