using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;
using Xunit;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>The guest library for ARM: it assembles for every number of vCPUs, and its code and tables lie where the hardware wants them.</summary>
public sealed class ArmLibraryTests
{
    private const string Everything = """
        .arch arm
        .include "exception.inc.guest"
        .include "hotplug.inc.guest"
        .include "uart.inc.guest"
        .include "devices.inc.guest"
        EXCEPTION_HANDLER on_ipi, on_ipi, generic_handle_irq
        start:
            STACK_INIT
            call boot_cpu_init
            INTERRUPTS_OFF
            IDLE
            exit
        on_ipi:
            ret
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(65)]
    [InlineData(124)]
    [InlineData(512)]
    public void The_library_assembles_for_every_number_of_vcpus(int vcpus) => Assert.NotEmpty(Assemble(vcpus).Instructions);

    [Theory]
    [InlineData("gic_eoimode", "1")]
    [InlineData("with_its", "0")]
    [InlineData("spis", "32")]
    public void The_library_assembles_for_each_of_its_choices(string parameter, string value) => Assert.NotEmpty(Assemble(4, parameter, value).Instructions);

    /// <summary>VBAR_EL1 has no bits below 2^11; the entry of an interrupt at this level is 0x280 from there.</summary>
    [Fact]
    public void Vectors_are_where_VBAR_can_point()
    {
        var program = Assemble(4);
        Assert.Equal(0UL, program.Symbols["exception_vectors"] % 2048);
        Assert.Equal(program.Symbols["exception_vectors"] + 0x280, program.Symbols["exception_irq"]);
    }

    /// <summary>What BASER, CBASER and PENDBASER have no bits for; and no table lies in a per-CPU area, which is not the board's.</summary>
    [Fact]
    public void Tables_of_the_ITS_are_aligned_to_their_pages_and_at_home_at_the_board() =>
        Assert.All(
            ["its_queue", "its_device_table", "its_device_table_level2", "its_collection_table", "lpi_properties", "lpi_pending_tables", "its_itts"],
            name =>
            {
                var program = Assemble(512);
                var address = program.Symbols[name];
                Assert.Equal(0UL, address % 0x1_0000);
                Assert.True(program.Layout.TryFindHome(address, 512, out var home));
                Assert.Equal(GuestLayout.Board, home);
            });

    private static GuestProgram Assemble(int vcpus, string parameter = "gic_eoimode", string value = "0")
    {
        var main = RepositoryFiles.Path("scenarios/guests/lib/arm") + "/test.guest";
        var options = new AssemblyOptions { VcpuCount = vcpus, Parameters = new Dictionary<string, string> { [parameter] = value } };
        var result = GuestAssembler.Assemble(main, options, new WithMain(main));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    /// <summary>A main file that is not on disk, beside files that are.</summary>
    private sealed class WithMain(string main) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            return path == main ? System.Text.Encoding.UTF8.GetBytes(Everything) : _files.Read(path, maxBytes, out problem);
        }
    }
}
