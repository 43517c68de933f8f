using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>A driver may have its pending tables in the per-CPU areas: the GIC, which is on the board, reaches them there.</summary>
public sealed class PerCpuTableTests
{
    private const int Vcpus = 3;

    private static readonly string[] Short = ["rounds   = 20", "rounds = 4", "messages = 50", "messages = 8", "raises   = 20", "raises = 3"];

    [Theory]
    [InlineData("kvm", false)]
    [InlineData("kvm", true)]
    [InlineData("qemu-11", false)]
    public void A_storm_with_pending_tables_per_CPU_is_survived(string profile, bool migrates)
    {
        using var run = New(profile, migrates).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        Assert.Empty(run.Engine.Groups.SelectMany(group => group.Observer?.Violations ?? []));

        // Saved and carried on by fresh actors, and in other windows.
        using var first = New(profile, migrates);
        first.Engine.Start();
        first.Engine.Run(VirtualTime.FromNanoseconds(400_000));
        Assert.Null(first.End);
        var writer = new StateWriter();
        first.Engine.SyncState(writer);
        using var second = New(profile, migrates);
        var reader = new StateReader(writer.Written.ToArray());
        second.Engine.SyncState(reader);
        reader.Finish();
        second.Engine.Run(VirtualTime.Never);
        using var third = New(profile, migrates, new EngineOptions { Window = VirtualTime.FromNanoseconds(7), Threads = 2 });
        Assert.Equal((run.Digest(), run.Digest()), (second.Digest(), third.ToEnd().Digest()));
    }

    /// <summary>Any other page of the area is the vCPU's: what leads the GIC there is named, and what to do.</summary>
    [Fact]
    public void A_table_among_other_data_of_a_CPU_ends_the_run_with_what_to_do()
    {
        using var run = new GuestRun("""
            .arch arm
            .percpu pending, 0x2000
            start:
                li   t0, 0x080a0000
                la.percpu t1, pending
                mmio.write.d t1, [t0 + 0x78]
                li   t1, 0xf
                mmio.write.d t1, [t0 + 0x70]
                li   t1, 1
                mmio.write.w t1, [t0]
                exit 0
            """, profile: GicProfiles.Qemu11);
        var ended = Assert.Throws<SimulationException>(() => run.ToEnd());
        Assert.Contains("gic0 reaches for 0x48000400", ended.Message, StringComparison.Ordinal);
        Assert.Contains("in the course of vcpu0's mmio_write GICR_CTLR", ended.Message, StringComparison.Ordinal);
        Assert.Contains(".percpu with an alignment of 4096 or more", ended.Message, StringComparison.Ordinal);
    }

    private static GuestRun New(string profile, bool migrates, EngineOptions? options = null)
    {
        var guest = ".arch arm\n.percpu lpi_pending_tables, 0x2000, 0x10000\n" + File.ReadAllText(Repository.PathOf("scenarios", "guests", "its-migration-under-load.guest"));
        return new GuestRun(
            guest, Vcpus, options: options ?? new EngineOptions { Invariants = true }, profile: GicProfiles.Find(profile), rewrite: Rewrite,
            migrations: migrates ? [new MigrationPlan { At = VirtualTime.FromNanoseconds(300_000) }] : null);
    }

    private static string Rewrite(string text)
    {
        for (var i = 0; i < Short.Length; i += 2)
        {
            text = text.Replace(Short[i], Short[i + 1], StringComparison.Ordinal);
        }

        return text
            .Replace("\"lib/arm/", "\"arm/", StringComparison.Ordinal)
            .Replace(".shared lpi_pending_tables, ITS_PAGE * vcpus, ITS_PAGE", "", StringComparison.Ordinal)
            .Replace("la   t0, lpi_pending_tables\n    cpu.index t2\n    sll  t2, t2, 16\n    add  t0, t0, t2\n", "la.percpu t0, lpi_pending_tables\n", StringComparison.Ordinal);
    }
}
