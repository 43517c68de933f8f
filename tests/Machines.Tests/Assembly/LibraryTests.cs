using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;
using Xunit;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>The guest library: it assembles for every number of vCPUs, and its sequences touch what the drivers touch.</summary>
public sealed class LibraryTests
{
    private const string Everything = """
        .arch loongarch
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        .include "boot.inc.guest"
        .include "hotplug.inc.guest"
        .include "uart.inc.guest"
        .include "devices.inc.guest"
        start:
            STACK_INIT
            call exception_init
            call ipi_init
            cpu.index t0
            bnez t0, secondary_boot
            call boot_prepare_cpus
            INTERRUPTS_OFF
            IDLE
            exit
        on_ipi:
            PUSH ra
            call ipi_read_clear
            POP ra
            ret
        EXCEPTION_HANDLER on_ipi
        """;

    private static GuestProgram Assemble(int vcpus, string driver = "0")
    {
        var library = RepositoryFiles.Path("scenarios/guests/lib");
        var options = new AssemblyOptions { VcpuCount = vcpus, Parameters = new Dictionary<string, string> { ["eiointc_driver"] = driver } };
        var result = GuestAssembler.Assemble(Path.Combine(library, "test.guest"), options, new WithMain(Everything));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(256)]
    public void The_library_assembles_for_every_number_of_vcpus(int vcpus) => Assert.NotEmpty(Assemble(vcpus).Instructions);

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    public void The_library_assembles_for_each_way_of_the_EIOINTC_driver(string driver) => Assert.NotEmpty(Assemble(16, driver).Instructions);

    [Fact]
    public void The_exception_entry_is_where_EENTRY_can_point() =>
        Assert.Equal(0UL, Assemble(4).Symbols["exception_entry"] % 4096);

    /// <summary>From the trace of a kernel started without firmware: W MBUF0, W EN, sleep, R MBUF0, R STATUS, W CLEAR, R MBUF0.</summary>
    [Fact]
    public void The_boot_loop_touches_registers_in_the_order_of_qemus_slave_boot_code() =>
        Assert.Equal(
            [(Opcode.IocsrWrite, 0x1020L), (Opcode.IocsrWrite, 0x1004), (Opcode.IocsrRead, 0x1020), (Opcode.IocsrRead, 0x1000), (Opcode.IocsrWrite, 0x100c), (Opcode.IocsrRead, 0x1020)],
            Accesses("secondary_boot", "secondary_boot_firmware"));

    [Fact]
    public void The_firmwares_boot_loop_clears_the_mailboxes_from_the_last_to_the_first() =>
        Assert.Equal(
            [(Opcode.IocsrWrite, 0x1038L), (Opcode.IocsrWrite, 0x1030), (Opcode.IocsrWrite, 0x1028), (Opcode.IocsrWrite, 0x1020), (Opcode.IocsrWrite, 0x1004),
             (Opcode.IocsrRead, 0x1000), (Opcode.IocsrWrite, 0x100c), (Opcode.IocsrRead, 0x1020), (Opcode.IocsrRead, 0x1038),
             (Opcode.IocsrWrite, 0x1038), (Opcode.IocsrWrite, 0x1030), (Opcode.IocsrWrite, 0x1028), (Opcode.IocsrWrite, 0x1020)],
            Accesses("secondary_boot_firmware", "boot_prepare_cpus"));

    [Fact]
    public void Receiving_an_ipi_takes_one_read_and_one_write() =>
        Assert.Equal([(Opcode.IocsrRead, 0x1000L), (Opcode.IocsrWrite, 0x100c)], Accesses("ipi_read_clear", "csr_mail_send"));

    [Fact]
    public void A_mail_takes_two_writes_of_eight_bytes() =>
        Assert.Equal([(Opcode.IocsrWrite, 0x1048L), (Opcode.IocsrWrite, 0x1048)], Accesses("csr_mail_send", "secondary_boot"));

    [Fact]
    public void The_exception_return_restores_each_register_that_the_entry_saves()
    {
        var program = Assemble(4);
        var code = program.Instructions.Skip(Index(program, "exception_entry")).TakeWhile(i => i.Opcode != Opcode.ExceptionReturn).ToList();
        // t0 and t1 pass through others; all else must go back to where it came from.
        var saved = code.Where(i => i is { Opcode: Opcode.Store, Rs: 3 } && i.Rd is not (12 or 13)).Select(i => (i.Rd, i.Immediate)).ToList();
        var restored = code.Where(i => i is { Opcode: Opcode.Load, Rs: 3 } && i.Rd is not (12 or 13)).Select(i => (i.Rd, i.Immediate)).ToList();
        Assert.Equal(saved, restored);
        Assert.Equal(17, saved.Count);
        var frame = code.Where(i => i.Opcode == Opcode.Store).Select(i => i.Immediate).ToList();
        Assert.Equal(frame.Count, frame.Distinct().Count());
        Assert.Equal(frame.Order(), code.Where(i => i.Opcode == Opcode.Load).Select(i => i.Immediate).Order());
        Assert.All(frame, offset => Assert.InRange(offset, 0, 176 - 8));
    }

    private static IEnumerable<(Opcode Opcode, long Address)> Accesses(string from, string to)
    {
        var program = Assemble(4);
        return program.Instructions[Index(program, from)..Index(program, to)]
            .Where(i => i.Opcode is Opcode.IocsrRead or Opcode.IocsrWrite)
            .Select(i => (i.Opcode, i.Immediate));
    }

    private static int Index(GuestProgram program, string symbol) => (int)(program.Symbols[symbol] - program.Layout.TextBase) / GuestProgram.InstructionBytes;

    /// <summary>A main file that is not on disk, beside files that are.</summary>
    private sealed class WithMain(string text) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            return path.EndsWith("/test.guest", StringComparison.Ordinal) ? System.Text.Encoding.UTF8.GetBytes(text) : _files.Read(path, maxBytes, out problem);
        }
    }
}
