using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>An interrupt that waits while its VM goes to another host, or to that and back, is one raise, handled once.</summary>
public sealed class MigratedRaiseTests
{
    /// <summary>One of each kind is raised: the SPI is disabled, the others wait behind DAIF.I, for 700 us.</summary>
    private const string Guest = """
        .arch arm
        .shared queue, 0x10000, 0x10000
        .shared devices, 0x10000, 0x10000
        .shared collections, 0x10000, 0x10000
        .shared itt, 0x10000, 0x10000
        .shared properties, 0x10000, 0x10000
        .shared pending, 0x10000, 0x10000
        .align 2048
        vectors:
        .org vectors + 0x280
            sysreg.read t0, ICC_IAR1_EL1
            li   t1, 27
            bne  t0, t1, end
            sysreg.write zero, CNTV_CTL_EL0
        end:
            sysreg.write t0, ICC_EOIR1_EL1
            eret
        command:
            st.d a0, [s1]
            st.d a1, [s1 + 8]
            st.d a2, [s1 + 16]
            add  s1, s1, 32
            la   t0, queue
            sub  t0, s1, t0
            mmio.write.d t0, [s7 + 0x88]
            ret
        start:
            la   t0, vectors
            sysreg.write t0, VBAR_EL1
            li   t0, 0xf0
            sysreg.write t0, ICC_PMR_EL1
            li   t0, 1
            sysreg.write t0, ICC_IGRPEN1_EL1
            li   s6, 0x08000000
            li   t0, 2
            mmio.write.w t0, [s6]
            la   s1, queue
            la   t0, properties
            li   t1, 0xa3
            st.b t1, [t0]
            or   t0, t0, 0xf
            li   t1, 0x080a0000
            mmio.write.d t0, [t1 + 0x70]
            la   t0, pending
            mmio.write.d t0, [t1 + 0x78]
            li   t0, 1
            mmio.write.w t0, [t1]
            li   t2, (1 << 27) | 8
            add  t1, t1, 0x10000
            mmio.write.w t2, [t1 + 0x80]
            mmio.write.w t2, [t1 + 0x100]
            li   s7, 0x08080000
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
            li   a0, 9
            li   a2, 1 << 63
            call command
            li   a0, 8
            li   a1, 1
            la   a2, itt
            or   a2, a2, 1 << 63
            call command
            li   a0, 0xa
            li   a1, 8192 << 32
            li   a2, 0
            call command
            li   a0, 3
            li   a1, 0
            call command
            li   t0, 3 << 24 | 1
            sysreg.write t0, ICC_SGI1R_EL1
            li   t0, 1
            sysreg.write t0, CNTV_TVAL_EL0
            sysreg.write t0, CNTV_CTL_EL0
            li   t0, 1 << 8
            mmio.write.w t0, [s6 + 0x84]
            li   t1, 2 << 16
            mmio.write.w t1, [s6 + 0xc08]
            mmio.write.w t0, [s6 + 0x204]
            work 700us
            li   t0, 1 << 8
            mmio.write.w t0, [s6 + 0x104]
            daif.clear 2
            work 20us
            exit 0
        """;

    [Theory]
    [InlineData("kvm", 0)]
    [InlineData("kvm", 1)]
    [InlineData("kvm", 2)]
    [InlineData("qemu-11", 1)]
    public void What_waits_at_the_switch_is_raised_once_and_handled_once(string profile, int migrations)
    {
        using var run = new GuestRun(
            Guest, options: new EngineOptions { Invariants = true }, profile: GicProfiles.Find(profile),
            migrations: [.. Enumerable.Range(1, migrations).Select(n => new MigrationPlan { At = VirtualTime.FromNanoseconds(n * 200_000) })]).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        var actors = run.Engine.Groups.SelectMany(group => group.Actors).ToList();
        Assert.Equal(migrations, actors.OfType<Actors.Vmm.VmmActor>().Sum(vmm => vmm.Migrations.Count(migration => migration.Outcome == MigrationOutcome.Completed)));
        var fates = default(InterruptFates);
        foreach (var gic in actors.OfType<GicActor>())
        {
            fates.Add(gic.Fates);
        }

        foreach (var vcpu in actors.OfType<ArmVcpu>())
        {
            fates.Add(vcpu.HeldFates);
            fates.Add(in vcpu.Statistics.SoftwareFates);
            fates.Add(in vcpu.Statistics.OwnFates);
        }

        Assert.Equal((4, 4, 0, 0), (fates.Raised, fates.Handled, fates.Coalesced, fates.Withdrawn));
        Assert.Empty(run.Engine.Groups.SelectMany(group => group.Observer?.Violations ?? []));
    }
}
