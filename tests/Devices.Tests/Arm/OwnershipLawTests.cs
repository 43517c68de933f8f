using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>
/// The law of ownership: whatever the order in which hand-overs, recalls, releases and their answers arrive, no interrupt is lost, none
/// comes from nothing, none is active on two CPUs. Random runs over random delays; a failure names its seed.
/// </summary>
public sealed class OwnershipLawTests
{
    private const int Seeds = 200;
    private const int Steps = 500;

    [Theory]
    [InlineData("kvm", 1, true)]
    [InlineData("kvm", 3, true)]
    [InlineData("kvm", 3, false)]
    [InlineData("qemu-11", 3, true)]
    [InlineData("qemu-11", 3, false)]
    public void No_interrupt_is_lost_or_invented_under_any_delay(string profile, int vcpus, bool waitsForEnds)
    {
        var (recalls, late, acknowledged) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new OwnershipRun(GicProfiles.Find(profile)!, vcpus, waitsForEnds, seed);
            for (var step = 0; step < Steps; step++)
            {
                run.Step();
            }

            run.Settle();
            (recalls, late, acknowledged) = (recalls + run.Gic.Recalls, late + run.Gic.LateReleases, acknowledged + run.Acknowledged);
        }

        // The runs must have met what the law is about.
        Assert.True(recalls > 2500 && late > 60 && acknowledged > 2500, $"{recalls} recalls, {late} of something let go, {acknowledged} acknowledges");
    }

    /// <summary>A hand-over and a release that cross: the CPU has let go, but the board has said something newer.</summary>
    [Fact]
    public void An_old_release_is_not_taken_for_a_new_one()
    {
        var gic = EdgeOf40();
        gic.Request(GicOperation.DriveSpi(40, true));
        gic.Step(2);
        gic.Step(0);
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        gic.Cpus[0].WriteRegister(IccRegister.Eoir1, 40);
        gic.Request(GicOperation.DriveSpi(40, true));
        gic.Step(2);
        gic.Step(1);
        gic.Step(2);
        gic.Step(0);
        Assert.Equal(1, gic.Cpus[0].HeldCount);
        Assert.Equal(0x100ul, gic.Do(GicOperation.ReadDistributor(0x204, 4)).Value);
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        Assert.Equal(0x100ul, gic.Do(GicOperation.ReadDistributor(0x304, 4)).Value);
    }

    /// <summary>The board asks for what the CPU has let go, and hands it again before the release arrives.</summary>
    [Fact]
    public void What_was_let_go_can_be_recalled()
    {
        var gic = EdgeOf40();
        gic.Do(GicOperation.DriveSpi(40, true));
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        gic.Cpus[0].WriteRegister(IccRegister.Eoir1, 40);
        ulong? read = null;
        gic.Request(GicOperation.ReadDistributor(0x204, 4), board => read = board.Value);
        gic.Request(GicOperation.DriveSpi(40, true));
        gic.Step(2);
        gic.Step(0);
        gic.Drain();
        Assert.Equal((0ul, 1), (read, gic.Cpus[0].HeldCount));
        Assert.Equal(0x100ul, gic.Do(GicOperation.ReadDistributor(0x204, 4)).Value);
    }

    /// <summary>EOIR while the active interrupt is on a visit to the board: it is ended when it is back.</summary>
    [Fact]
    public void An_end_that_crosses_a_recall_is_not_lost()
    {
        var gic = EdgeOf40();
        gic.Do(GicOperation.DriveSpi(40, true));
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        ulong? read = null;
        gic.Request(GicOperation.ReadDistributor(0x304, 4), board => read = board.Value);
        gic.Step(2);
        gic.Step(0);
        gic.Cpus[0].WriteRegister(IccRegister.Eoir1, 40);
        Assert.True(gic.IsStalled[0]);
        gic.Drain();
        Assert.Equal((0x100ul, false, 0), (read, gic.IsStalled[0], gic.Cpus[0].HeldCount));
        Assert.Equal(0ul, gic.Do(GicOperation.ReadDistributor(0x304, 4)).Value);
    }

    /// <summary>
    /// ICACTIVER by one CPU ends an SPI that another ends itself, while it is on its way: what it sends does not end the next activation,
    /// which it has begun before the board reads that. By DIR as by EOIR.
    /// </summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void An_end_that_crosses_ICACTIVER_leaves_the_next_activation(uint control)
    {
        var gic = EdgeOf40(waitsForEnds: false);
        gic.Cpus[0].WriteRegister(IccRegister.Ctlr, control);
        gic.Do(GicOperation.DriveSpi(40, true));
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        gic.Do(GicOperation.DriveSpi(40, true));
        gic.Request(GicOperation.WriteDistributor(0x384, 4, 0x100));
        gic.Step(2);
        gic.Step(0);
        End();
        gic.Step(1);
        gic.Step(2);
        gic.Step(0);
        Assert.Equal(40ul, gic.Cpus[0].ReadRegister(IccRegister.Iar1));
        gic.Drain();
        Assert.Equal(0x100ul, gic.Do(GicOperation.ReadDistributor(0x304, 4)).Value);
        End();
        gic.Drain();
        Assert.Equal(0ul, gic.Do(GicOperation.ReadDistributor(0x304, 4)).Value);

        void End()
        {
            gic.Cpus[0].WriteRegister(IccRegister.Eoir1, 40);
            gic.Cpus[0].WriteRegister(IccRegister.Dir, 40);
        }
    }

    private static DelayedGic EdgeOf40(bool waitsForEnds = true)
    {
        var gic = new DelayedGic(GicProfiles.Kvm, 1, waitsForEnds);
        gic.Do(GicOperation.WriteDistributor(0, 4, 2));
        gic.Do(GicOperation.WriteDistributor(0x104, 4, 0x100));
        gic.Do(GicOperation.WriteDistributor(0xC08, 4, 0x20000));
        gic.Cpus[0].WriteRegister(IccRegister.Pmr, 0xF0);
        gic.Cpus[0].WriteRegister(IccRegister.IgrpEn1, 1);
        return gic;
    }
}
