using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Transfer;
using Trapline.Devices.Common;
using Trapline.Devices.Tests.Laws;
using Trapline.Messages;
using R = Trapline.Devices.Arm.Cpu.SgiFrameRegisters;

namespace Trapline.Devices.Tests.Arm;

/// <summary>What user space carries from one vCPU to a fresh one by one-registers and attributes: everything but the losses that have a name.</summary>
public sealed class ArmCpuTransferTests
{
    private static readonly ushort[] InterfaceRegisters =
    [
        (ushort)IccRegister.Sre, (ushort)IccRegister.Ctlr, (ushort)IccRegister.Pmr, (ushort)IccRegister.Bpr0, (ushort)IccRegister.Bpr1, (ushort)IccRegister.Ap0R0,
        (ushort)IccRegister.Ap1R0, (ushort)IccRegister.IgrpEn0, (ushort)IccRegister.IgrpEn1,
    ];

    private static readonly ulong[] OneRegisters =
    [
        ArmOneRegister.VirtualCounter, ArmOneRegister.PhysicalCounter, ArmOneRegister.VirtualCompare, ArmOneRegister.VirtualControl, ArmOneRegister.PhysicalCompare,
        ArmOneRegister.PhysicalControl, ArmOneRegister.Status, ArmOneRegister.StackPointer, ArmOneRegister.ReturnAddress, ArmOneRegister.SavedStatus,
        .. SystemRegisterNames.All.Select(name => SystemRegisterNames.TryParse(name, out var encoding) ? ArmOneRegister.OfSystem(encoding) : 0).Where(IsSaved),
    ];

    [Fact]
    public void All_rows_arrive_but_the_work_at_hand() => Step.CheckAll(steps =>
    {
        var (source, target) = (Driven(steps), new ArmCpuSubject(GicProfiles.Kvm));
        source.Cpu.Gic.WriteRegister(IccRegister.Ctlr, source.Cpu.Gic.ReadRegister(IccRegister.Ctlr) & ~1ul);
        target.World.CopyFrom(source.World);
        Transfer(source, target);
        foreach (var (expected, actual) in Carried(source).Zip(Carried(target)))
        {
            Assert.Equal(expected, actual);
        }

        // What the board has fetched it hands over anew at the target.
        static IEnumerable<KeyValuePair<string, ulong>> Carried(ArmCpuSubject subject) => Rows(subject).Where(row =>
            !row.Key.Contains("work remaining", StringComparison.Ordinal) && !row.Key.Contains("fetched", StringComparison.Ordinal));
    });

    /// <summary>As KVM_GET_REG_LIST has them all: one that a VMM leaves out is 0 where the VM goes. The physical counter is the hosts' own.</summary>
    [Fact]
    public void The_table_of_a_machine_has_each_system_register_that_can_be_written()
    {
        var uapi = new ArmCpuUapi(new ArmCpuState(0), new Devices.Arm.Timer.GenericTimer(new SilentHost(), Devices.Arm.Timer.GenericTimer.DefaultTick));
        var table = ArmState.TableOf(1, 64);
        var known = Enumerable.Range(0, table.Count).Where(at => table[at].Vcpu == 0).Select(at => table[at].Attribute).ToHashSet();
        var left = SystemRegisterNames.All.Where(name =>
            SystemRegisterNames.TryParse(name, out var encoding) && encoding != SystemRegister.CntpctEl0
            && uapi.GetOneRegister(ArmOneRegister.OfSystem(encoding), VirtualTime.Zero, out var value) == Errno.Success
            && uapi.SetOneRegister(ArmOneRegister.OfSystem(encoding), ~value, VirtualTime.Zero) == Errno.Success
            && !known.Contains(ArmOneRegister.OfSystem(encoding)));
        Assert.Empty(left);
    }

    /// <summary>Spec 9.3: while CBPR is set BPR1 reads as BPR0 says and is not written; what is stored behind it stays behind.</summary>
    [Fact]
    public void Loss_BPR1_behind_a_common_binary_point()
    {
        var (source, target) = (new ArmCpuSubject(GicProfiles.Kvm), new ArmCpuSubject(GicProfiles.Kvm));
        source.Cpu.Gic.WriteRegister(IccRegister.Bpr1, 6);
        source.Cpu.Gic.WriteRegister(IccRegister.Ctlr, 1);
        Transfer(source, target);
        Assert.Equal(3ul, target.Cpu.Gic.ReadRegister(IccRegister.Bpr1));
        target.Cpu.Gic.WriteRegister(IccRegister.Ctlr, 0);
        Assert.Equal(3ul, target.Cpu.Gic.ReadRegister(IccRegister.Bpr1));
    }

    private static bool IsSaved(ulong id) =>
        new ArmCpuUapi(new ArmCpuState(0), new Devices.Arm.Timer.GenericTimer(new SilentHost(), Devices.Arm.Timer.GenericTimer.DefaultTick)).GetOneRegister(id, VirtualTime.Zero, out _) == Errno.Success;

    /// <summary>In any state; stopped, with what it held given back to the board.</summary>
    private static ArmCpuSubject Driven(Step[] steps)
    {
        var subject = new ArmCpuSubject(GicProfiles.Kvm);
        foreach (var step in steps)
        {
            subject.Apply(step);
        }

        for (var first = 32; first < 65536; first += 32)
        {
            subject.Cpu.Gic.Recall(first, uint.MaxValue);
        }

        // The distributor's part is the board's to carry.
        subject.Cpu.Gic.SetDistributorEnable(3);
        subject.Cpu.Timer.Resume(subject.World.Now);
        return subject;
    }

    private static void Transfer(ArmCpuSubject source, ArmCpuSubject target)
    {
        var now = source.World.Now;
        var (from, to) = (new ArmCpuUapi(source.Cpu.State, source.Cpu.Timer), new ArmCpuUapi(target.Cpu.State, target.Cpu.Timer));
        target.Cpu.Gic.SetDistributorEnable(3);
        foreach (var id in OneRegisters)
        {
            Assert.Equal(Errno.Success, from.GetOneRegister(id, now, out var value));
            Assert.Equal(Errno.Success, to.SetOneRegister(id, value, now));
        }

        var (gic, fresh) = (new GicCpuUapi(source.Cpu.Gic), new GicCpuUapi(target.Cpu.Gic));
        fresh.SetFrame((uint)R.ClearEnable, uint.MaxValue);
        foreach (var offset in new[] { R.Group, R.SetEnable, R.SetPending, R.SetActive }.Concat(Enumerable.Range(0, 8).Select(i => R.Priority + (ulong)(4 * i))))
        {
            fresh.SetFrame((uint)offset, gic.GetFrame((uint)offset));
        }

        fresh.SetLineLevels(gic.GetLineLevels());
        foreach (var register in InterfaceRegisters)
        {
            Assert.Equal(Errno.Success, gic.GetSystemRegister(register, out var value));
            Assert.Equal(Errno.Success, fresh.SetSystemRegister(register, value));
        }
    }

    private static IReadOnlyList<KeyValuePair<string, ulong>> Rows(ArmCpuSubject subject) => RawState.List(subject.SyncState);
}
