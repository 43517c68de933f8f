using System.Globalization;
using System.Text;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>
/// A drawn guest that means no good to GIC and ITS: queue, tables and what is in them lie over one another and anywhere else, whole queues of likely and
/// of senseless commands are handed over at once, LPIs go on and off, and each CPU does all this without a lock. Text, without its first line.
/// </summary>
/// <param name="seed">Of what is drawn; the guest draws more by itself.</param>
/// <param name="vcpus">Of the machine.</param>
internal sealed class ArmHostileGuest(int seed, int vcpus)
{
    private const int Statements = 40;

    private static readonly uint[] ItsRegisters = [0x0, 0x80, 0x84, 0x88, 0x8C, 0x90, 0x94, 0x100, 0x104, 0x108, 0x10C, 0x110, 0x10040, 0x20000];

    private static readonly uint[] BoardRegisters = [0x0, 0x0, 0x84, 0x88, 0x104, 0x108, 0x184, 0x204, 0x284, 0x304, 0x384, 0x420, 0x430, 0xC0C, 0x6180, 0x6188];

    private static readonly uint[] FrameRegisters = [0x0, 0x14, 0x40, 0x48, 0x70, 0x74, 0x78, 0x7C, 0xA0, 0xB0, 0xC0, 0x10080, 0x10100, 0x10180, 0x10200, 0x10280, 0x10300, 0x10400, 0x10C04];

    /// <summary>Memory that tables may be put into; twice those that are meant for it. The last ones are none, and the end of memory.</summary>
    private static readonly string[] Places =
    [
        "queue", "devices", "collections", "itt", "properties", "pending", "queue", "devices", "collections", "itt", "properties", "pending", "head", "0x40200000", "0x47ff0000",
        "0x50000000", "0x4fff0000", "0x4ffff000", "0", "0x8080000", "0xfffffffff0000", "0x3fff0000",
    ];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _label;

    public string Build()
    {
        _text.Append(Memory).Append(ArmDrawnParts.Handlers("irqs", Quiet));
        _text.Append(Commands.Replace("@TARGETS@", (vcpus + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        _text.Append(ArmDrawnParts.CpuInit(pendingIsZero: false));
        Line("start:");
        Line("li t0, 0x08000000\n li t1, 2\n mmio.write.w t1, [t0]");
        Line("la t0, properties\n li t2, 32\n li t1, 0xa3a3a3a3a3a3a3a3\n fill:\n st.d t1, [t0]\n add t0, t0, 8\n sub t2, t2, 1\n bnez t2, fill");
        Line("call its_init");
        Line(Sources());
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

    /// <summary>A device sends messages, some with an address or event that nobody has asked for; a wire rises.</summary>
    private string Sources()
    {
        var text = new StringBuilder();
        for (var queue = 0; queue < 4; queue++)
        {
            text.Append(CultureInfo.InvariantCulture, $"li t0, {Pick("0x08090040", "0x08090040", "0x08080040", "0x08090044", "0x4000", "-1")}\n li t1, 0x10003000 + {queue * 16}\n mmio.write.d t0, [t1]\n");
            text.Append(CultureInfo.InvariantCulture, $"li t0, {Pick("0", "1", "2", "3", "0xffff", "0x10001", "-1")}\n mmio.write.w t0, [t1 + 8]\n mmio.write.w zero, [t1 + 12]\n");
            text.Append(CultureInfo.InvariantCulture, $"li t0, {500 + _random.Next(20_000)}\n li t1, 0x10000000 + {queue * 0x28}\n mmio.write.d t0, [t1 + 8]\n li t0, 1\n mmio.write.w t0, [t1]\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"li t1, 0x10020000\n li t0, {5_000 + _random.Next(40_000)}\n mmio.write.d t0, [t1 + 8]\n li t0, 1\n mmio.write.w t0, [t1]").ToString();
    }

    private void Line(string text) => _text.Append(' ').Append(text).Append('\n');

    private string Statement() => _random.Next(24) switch
    {
        0 or 1 => Table(),
        2 => $"li t0, {Value()}\n li t1, 0x08080000 + {Pick(ItsRegisters)}\n mmio.write.{Width()} t0, [t1]",
        3 => $"li t1, 0x08080000 + {Pick(ItsRegisters)}\n mmio.read.{Width()} t0, [t1]",
        4 => "call its_init",
        5 => "li t1, 0x08080000\n mmio.write.w zero, [t1]\n mmio.read.w t0, [t1]\n li t0, 1\n mmio.write.w t0, [t1]",
        6 or 7 or 8 => $"la a0, {Pick("queue", "queue", "queue", "itt", "devices", "pending")}\n li a1, {_random.Next(128)}\n add a0, a0, {_random.Next(4) * 0x400}\n call noise\n {Kick()}",
        9 or 10 => Kick(),
        11 or 12 => $"li t0, {_random.Next(2)}\n li t1, 0x080a0000 + {_random.Next(vcpus)} * 0x20000\n mmio.write.w t0, [t1]",
        13 => LpiTables(),
        14 => $"li t0, {Value()}\n li t1, 0x080a0000 + {_random.Next(vcpus)} * 0x20000 + {Pick(FrameRegisters)}\n mmio.write.{Width()} t0, [t1]",
        15 => $"li t0, {Value()}\n li t1, 0x08000000 + {Pick(BoardRegisters)}\n mmio.write.{Width()} t0, [t1]",
        16 => $"li t0, {Value()}\n la t1, {Pick("devices", "collections", "itt", "pending", "properties", "queue")}\n add t1, t1, {_random.Next(0x200) * 8}\n st.d t0, [t1]",
        17 => $"li t0, {(_random.Next(4) == 0 ? Value() : "0xf8")}\n sysreg.write t0, {Pick("ICC_PMR_EL1", "ICC_IGRPEN1_EL1", "ICC_BPR1_EL1", "ICC_CTLR_EL1", "ICC_EOIR1_EL1", "ICC_DIR_EL1")}",
        18 => $"li t0, ({_random.Next(2)} << 40) | ({_random.Next(16)} << 24) | {_random.Next(1 << Math.Min(vcpus, 16))}\n sysreg.write t0, ICC_SGI1R_EL1",
        19 => $"daif.{(_random.Next(4) == 0 ? "set" : "clear")} 3",
        20 => $"li t0, {_random.Next(8)}\n li t1, 0x08090040\n mmio.write.{Width()} t0, [t1]",
        21 => Firmware(),
        22 => $"li t0, {_random.Next(150)}\n sysreg.write t0, CNTV_TVAL_EL0\n li t0, 1\n sysreg.write t0, CNTV_CTL_EL0",
        _ => $"work {_random.Next(3000)}",
    };

    /// <summary>CWRITER: what the noise has filled, one before CREADR, around the end, beyond the size.</summary>
    private string Kick() => _random.Next(7) switch
    {
        0 => "li t1, 0x08080000\n mmio.read.d t0, [t1 + 0x90]\n sub t0, t0, 32\n and t0, t0, 0xfffe0\n mmio.write.d t0, [t1 + 0x88]",
        1 => "li t1, 0x08080000\n mmio.read.d t0, [t1 + 0x80]\n and t0, t0, 0xff\n add t0, t0, 1\n sll t0, t0, 12\n sub t0, t0, 32\n mmio.write.d t0, [t1 + 0x88]\n mmio.write.d zero, [t1 + 0x88]",
        2 => "li t1, 0x08080000\n li t0, 0xfffe0\n mmio.write.d t0, [t1 + 0x88]",
        3 => $"li t1, 0x08080000\n li t0, {_random.Next(0x100) * 32} | {_random.Next(32)}\n mmio.write.{Pick("d", "w")} t0, [t1 + 0x88]",
        _ => $"li t1, 0x08080000\n mmio.read.d t0, [t1 + 0x90]\n add t0, t0, {_random.Next(48) * 32}\n and t0, t0, 0xfe0\n mmio.write.d t0, [t1 + 0x88]",
    };

    /// <summary>CBASER or BASER, mostly with the ITS off, at once on again.</summary>
    private string Table()
    {
        var register = Pick("0x80", "0x80", "0x100", "0x100", "0x108");
        var size = register == "0x80" ? Pick("0", "0", "1", "0xf", "0xff") : $"{_random.Next(3) << 8} | {_random.Next(3)}";
        var value = $"({Pick(Places)} & ~0xfff) | {size} | ({_random.Next(2)} << 62) | ({(_random.Next(8) == 0 ? 0 : 1)} << 63)";
        var off = _random.Next(4) == 0 ? "" : "mmio.write.w zero, [t1]\n ";
        return $"li t1, 0x08080000\n {off}li t0, {value}\n mmio.write.d t0, [t1 + {register}]\n li t0, 1\n mmio.write.w t0, [t1]";
    }

    private string LpiTables()
    {
        var frame = $"0x080a0000 + {_random.Next(vcpus)} * 0x20000";
        var off = _random.Next(3) == 0 ? "" : "mmio.write.w zero, [t1]\n ";
        return $"li t1, {frame}\n {off}li t0, ({Pick(Places)} & ~0xfff) | {Pick("0xf", "0xf", "0xd", "0", "0x1f")}\n mmio.write.d t0, [t1 + {Pick("0x70", "0x78")}]\n li t0, 1\n mmio.write.w t0, [t1]";
    }

    private string Firmware() => _random.Next(4) switch
    {
        0 => $"li a0, 0xc4000004\n li a1, {_random.Next(vcpus + 1)}\n li a2, 0\n hvc 0",
        1 or 2 when vcpus > 1 => $"li a0, 0xc4000003\n li a1, {_random.Next(vcpus + 1)}\n la a2, cpu{_random.Next(1, vcpus)}\n li a3, 0\n hvc 0",
        3 when _random.Next(4) == 0 => $"cpu.index t0\n beqz t0, on{++_label}\n li a0, 0x84000002\n hvc 0\n on{_label}: nop",
        _ => "li a0, 0x84000000\n hvc 0",
    };

    private string Width() => "bhwwdd".Substring(_random.Next(6), 1);

    private string Value() => _random.Next(8) switch
    {
        0 => "0",
        1 => "-1",
        2 => $"{_random.Next(256)}",
        3 => $"1 << {_random.Next(64)}",
        4 => $"0x{(ulong)_random.NextInt64():x}",
        5 or 6 => $"({Pick(Places)} & ~0xfff) | (1 << 63) | ({_random.Next(2)} << 62) | {_random.Next(0x400)}",
        _ => $"0x{(uint)_random.Next():x}",
    };

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];

    /// <summary>The level device falls silent.</summary>
    private const string Quiet = """
            li   t1, 0x10020000
            li   t0, 1
            mmio.write.w t0, [t1 + 0x20]

        """;

    private const string Memory = """
        .arch arm
        .shared queue, 0x100000, 0x10000
        .shared devices, 0x10000, 0x10000
        .shared collections, 0x10000, 0x10000
        .shared itt, 0x10000, 0x10000
        .shared properties, 0x10000, 0x10000
        .shared pending, 0x80000, 0x10000
        .shared head, 8

        """;

    private const string Commands = """
        # a1 commands at a0, of likely numbers
        noise:
            beqz a1, .done
            random t0, 16
            random t1, 3
            sll  t1, t1, 32
            or   t0, t0, t1
            st.d t0, [a0]
            random t1, 24
            random t2, 40
            add  t2, t2, 8186
            sll  t2, t2, 32
            or   t1, t1, t2
            st.d t1, [a0 + 8]
            and  t0, t0, 0xf
            random t3, 3
            sll  t3, t3, 63
            li   t1, 8
            bne  t0, t1, .target
            random t1, 0x100
            sll  t1, t1, 8
            la   t2, itt
            add  t1, t1, t2
            b    .word2
        .target:
            random t1, @TARGETS@
            random t2, @TARGETS@
            sll  t2, t2, 16
            or   t1, t1, t2
        .word2:
            xor  t3, t3, 1 << 63
            or   t1, t1, t3
            st.d t1, [a0 + 16]
            random t1, @TARGETS@
            sll  t1, t1, 16
            st.d t1, [a0 + 24]
            add  a0, a0, 32
            sub  a1, a1, 1
            b    noise
        .done:
            ret

        # the ITS as a driver sets it up, with device, collections and events
        its_init:
            li   s7, 0x08080000
            mmio.write.w zero, [s7]
            la   t0, devices
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x100]
            la   t0, collections
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x108]
            la   t0, queue
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x80]
            li   t0, 1
            mmio.write.w t0, [s7]
            la   t0, queue
            li   t1, 0
        .collection:
            li   t2, 9
            st.d t2, [t0]
            sll  t2, t1, 16
            or   t2, t2, t1
            or   t2, t2, 1 << 63
            st.d t2, [t0 + 16]
            add  t0, t0, 32
            add  t1, t1, 1
            li   t2, @TARGETS@ - 1
            bne  t1, t2, .collection
            li   t2, 8 | (8 << 32)
            st.d t2, [t0]
            li   t2, 4
            st.d t2, [t0 + 8]
            la   t2, itt
            or   t2, t2, 1 << 63
            st.d t2, [t0 + 16]
            add  t0, t0, 32
            li   t1, 0
        .event:
            li   t2, 0xa | (8 << 32)
            st.d t2, [t0]
            add  t2, t1, 8192
            sll  t2, t2, 32
            or   t2, t2, t1
            st.d t2, [t0 + 8]
            li   t3, @TARGETS@ - 1
            remu t2, t1, t3
            st.d t2, [t0 + 16]
            add  t0, t0, 32
            add  t1, t1, 1
            li   t2, 8
            bne  t1, t2, .event
            la   t1, queue
            sub  t0, t0, t1
            mmio.write.d t0, [s7 + 0x88]
            ret

        """;
}
