using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>A whole GIC as its guest, its devices and user space reach it.</summary>
internal sealed class WholeGicSubject : LawSubject, IWholeGicObserver
{
    private const ulong SgiFrame = RedistributorRegion.FrameBytes;

    private static readonly IccRegister[] Registers =
    [
        IccRegister.Iar1, IccRegister.Iar0, IccRegister.Eoir1, IccRegister.Eoir0, IccRegister.Dir, IccRegister.Sgi1R, IccRegister.Sgi0R, IccRegister.Hppir1,
        IccRegister.Iar1, IccRegister.Pmr, IccRegister.Ctlr, IccRegister.IgrpEn0, IccRegister.IgrpEn1, IccRegister.Rpr, IccRegister.Ap1R0,
    ];

    private readonly ItsRam _ram = new();
    private readonly WholeGic _gic;

    public WholeGicSubject(GicProfile profile)
    {
        _gic = new WholeGic(profile, GicOperations.Topology, _ram, this);
        _gic.Write(GicSpace.Distributor, 0, 0, 4, 3);
        _gic.Write(GicSpace.Distributor, 0, 0x104, 4, uint.MaxValue);
        for (var vcpu = 0; vcpu < GicOperations.Vcpus; vcpu++)
        {
            _gic.WriteSystem(vcpu, IccRegister.Pmr, 0xF0);
            _gic.WriteSystem(vcpu, IccRegister.IgrpEn1, 1);
            _gic.WriteSystem(vcpu, IccRegister.IgrpEn0, 1);
        }

        World.Log.Clear();
    }

    public override void SyncState(StateSync sync)
    {
        _gic.SyncState(sync);
        _ram.SyncState(sync);
    }

    void IWholeGicObserver.CommandDone(int its, uint offset, byte opcode, int result) => World.Log.Add($"command {its} {offset:x} {opcode:x} {result:x}");

    void IWholeGicObserver.Ended(int interruptId) => World.Log.Add($"ended {interruptId}");

    void IWholeGicObserver.Report(int vcpu, in DeviceReport report) => World.Log.Add($"{vcpu}: {report}");

    protected override string Act(Step step)
    {
        var vcpu = step.Place / 8 % GicOperations.Vcpus;
        var register = Registers[step.Place / 64 % Registers.Length];
        switch (step.Action % 24)
        {
            case < 3:
                return $"{_gic.ReadSystem(vcpu, register):x} {Lines}";
            case < 6:
                _gic.WriteSystem(vcpu, register, step.Place % 2 == 0 ? 32 + (step.Value % 64) : step.Value);
                return Lines;
            case 6:
                return $"{_gic.DrivePpi(vcpu, (int)(step.Value % 20) + 14, step.Place % 2 == 0)} {Lines}";
            case 7:
                return $"{_gic.Read(GicSpace.Redistributor, vcpu, SgiFrame + (ulong)(step.Place / 64 % 0x100 * 4), 4):x}";
            case 8:
                _gic.Write(GicSpace.Redistributor, vcpu, SgiFrame + (ulong)(step.Place / 64 % 0x100 * 4), 4, step.Value);
                return Lines;
            case 9 when step.Place % 16 == 0:
                _gic.ResetCpuInterface(vcpu);
                return Lines;
            default:
                return $"{Do(GicOperations.Of(step))} {Lines}";
        }
    }

    private string Lines => string.Join(string.Empty, Enumerable.Range(0, GicOperations.Vcpus).Select(cpu => _gic.IrqLine(cpu) ? 'I' : _gic.FiqLine(cpu) ? 'F' : '-'));

    /// <summary>What is not said by CPU interfaces themselves.</summary>
    private string Do(GicOperation operation)
    {
        var (kind, index, size, address, value, detail) = operation;
        ulong read = 0;
        var result = kind switch
        {
            GicOperationKind.SpiLine => _gic.DriveSpi((int)(long)address, value != 0),
            GicOperationKind.SignalMessage => _gic.SendMessage(address, (uint)value, (uint)(detail >> 32), (uint)detail),
            GicOperationKind.GetAttribute => _gic.GetAttribute((uint)detail, address, out read),
            GicOperationKind.SetAttribute => _gic.SetAttribute((uint)detail, address, value),
            GicOperationKind.GetItsAttribute => _gic.GetItsAttribute(index, (uint)detail, address, out read),
            GicOperationKind.SetItsAttribute => _gic.SetItsAttribute(index, (uint)detail, address, value),
            GicOperationKind.CreateIts => _gic.CreateIts(),
            _ => Access(kind, index, address, size, value, out read),
        };
        return $"{result} {read:x}";
    }

    private int Access(GicOperationKind kind, int index, ulong address, int size, ulong value, out ulong read)
    {
        read = 0;
        var space = kind switch
        {
            GicOperationKind.RedistributorRead or GicOperationKind.RedistributorWrite => GicSpace.Redistributor,
            GicOperationKind.ItsRead or GicOperationKind.ItsWrite => GicSpace.Its,
            _ => GicSpace.Distributor,
        };
        switch (kind)
        {
            case GicOperationKind.DistributorRead or GicOperationKind.RedistributorRead or GicOperationKind.ItsRead:
                read = _gic.Read(space, index, address, size);
                break;
            case GicOperationKind.DistributorWrite or GicOperationKind.RedistributorWrite or GicOperationKind.ItsWrite:
                _gic.Write(space, index, address, size, value);
                break;
            case GicOperationKind.AddRegion:
                _gic.AddRegion(new RedistributorRegion(address, index, size != 0));
                break;
        }

        return 0;
    }
}
