using System.Text;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>
/// A drawn guest: each CPU of an ARM machine does to GIC, ITS, timers, firmware and itself what comes to hand, likely values beside senseless
/// ones, and handles every interrupt and fault as it comes.
/// </summary>
/// <param name="seed">Of what is drawn.</param>
/// <param name="vcpus">Of the machine.</param>
internal sealed class ArmRandomGuest(int seed, int vcpus)
{
    private const int Statements = 120;

    private static readonly string[] Registers =
    [
        "ICC_PMR_EL1", "ICC_BPR0_EL1", "ICC_BPR1_EL1", "ICC_AP0R0_EL1", "ICC_AP1R0_EL1", "ICC_CTLR_EL1", "ICC_SRE_EL1", "ICC_IGRPEN0_EL1", "ICC_IGRPEN1_EL1", "ICC_EOIR0_EL1",
        "ICC_EOIR1_EL1", "ICC_DIR_EL1", "ICC_SGI1R_EL1", "ICC_ASGI1R_EL1", "ICC_SGI0R_EL1", "CNTV_CTL_EL0", "CNTV_CVAL_EL0", "CNTP_CTL_EL0", "CNTP_CVAL_EL0", "CNTKCTL_EL1",
        "TPIDR_EL1", "FAR_EL1", "ESR_EL1", "ICC_IAR1_EL1", "CNTVCT_EL0", "S3_5_C2_C3_4",
    ];

    private static readonly string[] Read =
        ["ICC_IAR0_EL1", "ICC_IAR1_EL1", "ICC_HPPIR0_EL1", "ICC_HPPIR1_EL1", "ICC_RPR_EL1", "ICC_CTLR_EL1", "CNTV_TVAL_EL0", "ISR_EL1", "MPIDR_EL1", "DAIF", "CNTP_CTL_EL0"];

    private static readonly uint[] Distributor =
        [0x0, 0x4, 0x8, 0x84, 0x88, 0x104, 0x108, 0x184, 0x188, 0x204, 0x208, 0x284, 0x288, 0x304, 0x308, 0x384, 0x388, 0x420, 0x430, 0x43C, 0xC08, 0xC0C, 0x6100, 0x6180, 0x6188, 0xFFE8];

    private static readonly uint[] Redistributor =
        [0x0, 0x8, 0x14, 0x70, 0x78, 0xA0, 0xB0, 0xC0, 0x10080, 0x10100, 0x10180, 0x10200, 0x10280, 0x10300, 0x10380, 0x10400, 0x10418, 0x10C04, 0x10D00];

    private static readonly uint[] Its = [0x0, 0x4, 0x8, 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0xFFE8, 0x10040];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _label;

    public string Build()
    {
        _text.Append(Memory).Append(ArmDrawnParts.Handlers("fiqs", "    sysreg.write zero, CNTP_CTL_EL0\n")).Append(Commands).Append(ArmDrawnParts.CpuInit(pendingIsZero: true));
        Line("start:");
        Line("li t0, 0x08000000\n li t1, 2\n mmio.write.w t1, [t0]");
        Line("la t0, properties\n li t1, 0xa3a3a3a3a3a3a3a3\n st.d t1, [t0]\n st.d t1, [t0 + 8]");
        Line("li s7, 0x08080000\n la t0, devices\n or t0, t0, 1 << 63\n mmio.write.d t0, [s7 + 0x100]");
        Line("la t0, collections\n or t0, t0, 1 << 63\n mmio.write.d t0, [s7 + 0x108]\n la t0, queue\n or t0, t0, 1 << 63\n mmio.write.d t0, [s7 + 0x80]\n li t0, 1\n mmio.write.w t0, [s7]");
        Line("li a0, 8\n li a1, 2\n la a2, itt\n or a2, a2, 1 << 63\n call command");
        for (var cpu = 0; cpu < vcpus; cpu++)
        {
            Line($"li a0, 9\n li a1, 0\n li a2, {cpu} << 16 | {cpu} | (1 << 63)\n call command");
        }

        for (var occasion = 0; occasion < 6; occasion++)
        {
            Line($"li a0, 0xa\n li a1, {occasion} | ({8192 + occasion} << 32)\n li a2, {occasion % vcpus}\n call command");
        }

        for (var cpu = 1; cpu < vcpus; cpu++)
        {
            Line($"li a0, 0xc4000003\n li a1, {cpu}\n la a2, cpu{cpu}\n li a3, 0\n hvc 0");
        }

        for (var cpu = 0; cpu < vcpus; cpu++)
        {
            Line($"cpu{cpu}: call cpu_init");
            for (var statement = 0; statement < Statements; statement++)
            {
                Line(Statement());
            }

            Line(cpu == 0 ? "work 20us\n exit 0" : $"sleep{cpu}: wfi\n b sleep{cpu}");
        }

        return _text.ToString();
    }

    private void Line(string text) => _text.Append(' ').Append(text).Append('\n');

    private string Statement() => _random.Next(14) switch
    {
        0 => $"li t0, {(_random.Next(3) == 0 ? Value() : "0xf8")}\n sysreg.write t0, {Pick(Registers)}",
        1 => $"sysreg.read t0, {Pick(Read)}",
        2 => $"li t0, {Sgi()}\n sysreg.write t0, ICC_SGI1R_EL1",
        3 => $"li t0, {Value()}\n li t1, 0x08000000 + {Pick(Distributor)}\n mmio.write.{Width()} t0, [t1]",
        4 => $"li t1, 0x08000000 + {Pick(Distributor)}\n mmio.read.{Width()} t0, [t1]",
        5 => $"li t0, {Value()}\n li t1, 0x080a0000 + {_random.Next(vcpus)} * 0x20000 + {Pick(Redistributor)}\n mmio.write.{Width()} t0, [t1]",
        6 => $"li t1, 0x080a0000 + {_random.Next(vcpus)} * 0x20000 + {Pick(Redistributor)}\n mmio.read.{Width()} t0, [t1]",
        7 when _random.Next(8) == 0 => $"li t0, {Value()}\n li t1, 0x08080000 + {Pick(Its)}\n mmio.write.{Width()} t0, [t1]",
        7 or 8 or 13 => Command(),
        9 => $"daif.{(_random.Next(4) == 0 ? "set" : "clear")} 3",
        10 => $"work {_random.Next(2500)}",
        11 => Firmware(),
        _ => $"li t0, {_random.Next(150)}\n sysreg.write t0, CNTV_TVAL_EL0\n li t0, 1\n sysreg.write t0, CNTV_CTL_EL0\n {(_random.Next(3) == 0 ? "wfi" : "nop")}",
    };

    private string Command()
    {
        var (device, occasion) = (_random.Next(6) / 4, _random.Next(6));
        var target = _random.Next(vcpus + 1);
        var (word0, word1, word2) = _random.Next(11) switch
        {
            0 => ("8", "2", "itt | (1 << 63)"),
            1 => ("9", "0", $"{target} << 16 | {target} | (1 << 63)"),
            2 or 3 => ("0xa", $"{occasion} | ({8192 + _random.Next(10)} << 32)", $"{target}"),
            4 or 5 => ("3", $"{occasion}", "0"),
            6 => ("1", $"{occasion}", $"{target}"),
            7 => ("4", $"{occasion}", "0"),
            8 => ("0xf", $"{occasion}", "0"),
            9 => ("0xd", "0", $"{target}"),
            _ => ($"{_random.Next(0x30)}", Value(), Value()),
        };
        var opcode = word0 is "9" or "0xd" ? word0 : $"{word0} | ({device} << 32)";
        return $"li a0, {opcode}\n li a1, {word1}\n li a2, {word2}\n call command";
    }

    private string Firmware() => _random.Next(6) switch
    {
        0 => "svc 3",
        1 => "li t1, 0x3000000\n ld.d t0, [t1]",
        2 => $"li a0, 0xc4000004\n li a1, {_random.Next(vcpus + 1)}\n li a2, {_random.Next(3)}\n hvc 0",
        3 => $"li a0, 0xc4000003\n li a1, {_random.Next(vcpus + 1)}\n la a2, cpu{_random.Next(1, vcpus)}\n li a3, 0\n hvc 0",
        4 when _random.Next(12) == 0 => $"cpu.index t0\n beqz t0, on{++_label}\n li a0, 0x84000002\n hvc 0\n on{_label}: nop",
        _ => $"li a0, {Value()}\n and a0, a0, 0x7fffffff\n smc 0",
    };

    private string Sgi() => $"({_random.Next(2)} << 40) | ({_random.Next(16)} << 24) | {_random.Next(1 << vcpus)}";

    private string Width() => "bhwwwd".Substring(_random.Next(6), 1);

    private string Value() => _random.Next(7) switch
    {
        0 => "0",
        1 => "-1",
        2 => $"{_random.Next(256)}",
        3 => $"1 << {_random.Next(64)}",
        4 => $"0x{(ulong)_random.NextInt64():x}",
        5 => "properties | 0xf",
        _ => $"0x{(uint)_random.Next():x}",
    };

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private const string Memory = """
        .arch arm
        .shared queue, 0x10000, 0x10000
        .shared devices, 0x10000, 0x10000
        .shared collections, 0x10000, 0x10000
        .shared itt, 0x10000, 0x10000
        .shared properties, 0x10000, 0x10000
        .shared pending, 0x80000, 0x10000
        .shared head, 8

        """;

    private const string Commands = """
        command:
            la   t1, head
            ld.d t2, [t1]
            la   t0, queue
            add  t0, t0, t2
            st.d a0, [t0]
            st.d a1, [t0 + 8]
            st.d a2, [t0 + 16]
            st.d zero, [t0 + 24]
            add  t2, t2, 32
            and  t2, t2, 0xfff
            st.d t2, [t1]
            li   t0, 0x08080000
            mmio.write.d t2, [t0 + 0x88]
            ret

        """;
}
