using System.Text;
using Trapline.Actors.Arm;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Cluster.Traces.Perfetto;
using Trapline.Cluster.Traces.Rounds;
using Trapline.Cluster.Traces.Text;
using Trapline.Cluster.Traces.Vcd;
using Trapline.Devices.Common;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>Traces of ARM machines name what the architecture and its GIC have.</summary>
public sealed class ArmTraceTests
{
    private const ulong Text = 0x4020_0000;

    private static readonly ActorAddress Vcpu = new(0, ActorRole.Vcpu, 0);
    private static readonly ActorAddress Other = new(0, ActorRole.Vcpu, 1);
    private static readonly ActorAddress Gic = new(0, ActorRole.Gic, 0);
    private static readonly ActorAddress Uart = new(0, ActorRole.Uart, 0);

    private static readonly TraceEntry[] Entries =
    [
        new(At(1), Vcpu, TraceKind.Started, Word0: Text),
        new(At(2), Vcpu, TraceKind.ControlRegister, 1, sizeof(ulong), default, 0xC600, Text, 0x4020_0800),
        new(At(3), Vcpu, TraceKind.ExitBegin, (byte)ExitAction.MmioWrite, 4, Gic, 0, Text, ArmAddressMap.DistributorBase + 0x6100),
        new(At(4), Vcpu, TraceKind.ExitEnd, Number: ExitReasons.DistributorWrite(0x6100), Word0: Text, Word1: 3_000),
        new(At(5), Vcpu, TraceKind.ExitBegin, (byte)ExitAction.SystemRegister, Word0: Text, Word1: 0xC65D),
        new(At(6), Vcpu, TraceKind.Send, Other: Other, Number: 5),
        new(At(7), Vcpu, TraceKind.ExitEnd, Number: ExitReasons.SgiWrite(0), Word0: Text, Word1: 5_000),
        new(At(8), Vcpu, TraceKind.Line, 1, 0, Gic, 0, Text),
        new(At(9), Vcpu, TraceKind.Interrupt, 1, Number: 8195, Word0: Text),
        new(At(10), Vcpu, TraceKind.Report, (byte)ReportKind.Acknowledged, Number: 8195),
        new(At(11), Vcpu, TraceKind.Line, 0, 0, Vcpu, 0, Text),
        new(At(12), Vcpu, TraceKind.Return, Word0: Text),
        new(At(13), Vcpu, TraceKind.Fault, Number: 0x25, Word0: Text),
        new(At(14), Gic, TraceKind.Request, (byte)TraceRequest.Write, 8, Vcpu, 0, ArmAddressMap.ItsBase + 0x88, 0x40),
        new(At(15), Gic, TraceKind.Report, (byte)ReportKind.Raised, Number: 40),
        new(At(16), Gic, TraceKind.Served, (byte)TraceRequest.Write, 8, Vcpu),
        new(At(17), Vcpu, TraceKind.ExitBegin, (byte)ExitAction.Hypercall, Word0: Text, Word1: 1 << 16),
        new(At(18), Vcpu, TraceKind.ExitEnd, Number: ExitReasons.SecureCall, Word0: Text, Word1: 17_000),
        new(At(19), Uart, TraceKind.Request, (byte)TraceRequest.Write, 2, Vcpu, 0, ArmAddressMap.UartBase + 0x2C, 0x70),
        new(At(20), Uart, TraceKind.Served, (byte)TraceRequest.Write, 2, Vcpu),
        new(At(21), Uart, TraceKind.Request, (byte)TraceRequest.Write, 8, Vcpu, 0, ArmAddressMap.UartBase + 0x1008, 0x20),
        new(At(22), Uart, TraceKind.Served, (byte)TraceRequest.Write, 8, Vcpu),
    ];

    [Fact]
    public void A_text_trace_names_registers_interrupts_and_exceptions()
    {
        using var output = new StringWriter();
        Write(new TextTrace(output));
        var lines = output.ToString().Split('\n').Where(line => line.Contains("--", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("--", StringComparison.Ordinal) + 3)..]);
        Assert.Equal(
            [
                "sysreg[0] write VBAR_EL1 8 0x0000000040200800",
                "guest entry after mmio_write GICD_IROUTER, 1ns",
                "SGI 5 raised in vcpu1",
                "guest entry after sysreg_write ICC_SGI1R_EL1, 2ns",
                "line IRQ rises, driven by gic0",
                "interrupt LPI 8195 taken at 0x40200000",
                "acknowledged LPI 8195",
                "line IRQ falls, driven by vcpu0",
                "fault data abort at 0x40200000",
                "gic[0] write GITS_CWRITER 8 0x0000000000000040 by vcpu0",
                "raised SPI 40",
                "guest entry after smc, 1ns",
                "uart[0] write LCR_H 2 0x0070 by vcpu0",
                "uart[0] write PERIOD 8 0x0000000000000020 by vcpu0",
            ],
            lines);
    }

    [Fact]
    public void A_value_change_dump_has_the_inputs_of_each_cpu()
    {
        using var output = new MemoryStream();
        using var spool = new MemoryStream();
        Write(new VcdTrace(output, spool));
        var text = Encoding.ASCII.GetString(output.ToArray());
        Assert.Equal(2, text.Split(" IRQ $end").Length - 1);
        Assert.Equal(2, text.Split(" FIQ $end").Length - 1);
        Assert.Contains("#8000\n1", text, StringComparison.Ordinal);
        Assert.Contains("#11000\n0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_round_and_a_timeline_name_exits_at_their_begin()
    {
        var rounds = new RoundTrace();
        Write(rounds);
        var texts = Assert.Single(rounds.Rounds).Lanes.SelectMany(lane => lane.Items).Select(item => item.Text).ToList();
        Assert.Contains("mmio_write GICD_IROUTER", texts);
        Assert.Contains("sysreg_write ICC_SGI1R_EL1", texts);
        Assert.Contains("interrupt LPI 8195", texts);
        Assert.Contains("smc", texts);
        using var output = new MemoryStream();
        Write(new PerfettoTrace(output));
        var packets = Encoding.UTF8.GetString(output.ToArray());
        Assert.Contains("SGI 5 to vcpu1", packets, StringComparison.Ordinal);
        Assert.Contains("write GITS_CWRITER", packets, StringComparison.Ordinal);
        Assert.Contains("interrupt LPI 8195", packets, StringComparison.Ordinal);
    }

    private static VirtualTime At(long nanoseconds) => VirtualTime.FromNanoseconds(nanoseconds);

    private static void Write(ITraceSink sink)
    {
        sink.Begin(new TraceMachine("m", SmallGuests.Of("arm"), [Vcpu, Other, Gic, Uart]));
        foreach (var entry in Entries)
        {
            sink.Write(in entry);
        }

        sink.End(At(20));
        sink.Finish();
    }
}
