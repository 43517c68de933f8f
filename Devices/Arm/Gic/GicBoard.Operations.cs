using Trapline.Devices.Arm.Its;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <content>What each operation needs back, and what it does then.</content>
public sealed partial class GicBoard
{
    /// <summary>Registers of the distributor and of RD frames.</summary>
    private const ulong FrameEnd = DistributorRegisters.WindowSize;

    private const int NoLine = -1;

    /// <summary>INTID as the operation names it: it may be none.</summary>
    private long InterruptId => (long)_operation.Address;

    private static bool HasIts(GicOperationKind kind) => kind is GicOperationKind.ItsRead or GicOperationKind.ItsWrite
        or GicOperationKind.GetItsAttribute or GicOperationKind.SetItsAttribute or GicOperationKind.PlaceIts;

    private void Check(in GicOperation operation)
    {
        var hasVcpu = operation.Kind is GicOperationKind.RedistributorRead or GicOperationKind.RedistributorWrite
            or GicOperationKind.Released or GicOperationKind.Deactivate;
        if (hasVcpu && (uint)operation.Index >= (uint)_vcpus.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(operation), $"vCPU {operation.Index} is outside the {_vcpus.Count} of this machine");
        }

        if (HasIts(operation.Kind) && (uint)operation.Index >= (uint)_its.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(operation), $"ITS {operation.Index} is outside the {_its.Count} of this machine");
        }

        if (operation.Kind == GicOperationKind.AddRegion && operation.Index is < 0 or > RedistributorPlacement.MaximumSlots)
        {
            throw new ArgumentOutOfRangeException(nameof(operation), $"a region has 0 to {RedistributorPlacement.MaximumSlots} redistributors, not {operation.Index}");
        }
    }

    private void CollectRecalls()
    {
        var (kind, _, size, address, value, _) = _operation;
        switch (kind)
        {
            case GicOperationKind.DistributorRead when address < FrameEnd:
                _distributor.CollectRecalls((int)address, size, isWrite: false, 0, isUser: false, _recalls);
                break;
            case GicOperationKind.DistributorWrite when address < FrameEnd:
                CollectForDistributor((int)address, size, value, isUser: false);
                break;
            case GicOperationKind.RedistributorWrite when address < FrameEnd:
                CollectForRedistributor(_operation.Index, (int)address, size, value);
                break;
            case GicOperationKind.GetAttribute or GicOperationKind.SetAttribute:
                CollectForAttribute();
                break;
            case GicOperationKind.Initialize:
                for (var word = 1; word < _spis.Words; word++)
                {
                    _spis.CollectRecalls(word, uint.MaxValue, _recalls);
                }

                break;
            case GicOperationKind.Deactivate when MayEnd() && MayDeactivate(_spis.HolderOf((int)InterruptId)):
                _spis.CollectRecalls((int)InterruptId / SpiStore.WordBits, 1u << ((int)InterruptId % SpiStore.WordBits), _recalls);
                break;
        }
    }

    private void Execute()
    {
        var (kind, index, size, address, value, _) = _operation;
        ReportRefused();
        switch (kind)
        {
            case GicOperationKind.DistributorRead when address < FrameEnd:
                _value = _distributor.Read((int)address, size, isUser: false);
                break;
            case GicOperationKind.DistributorWrite when address < FrameEnd:
                _ = WriteDistributor((int)address, size, value, isUser: false);
                break;
            case GicOperationKind.RedistributorRead when address < FrameEnd:
                _value = _redistributors.Read(index, (int)address, size);
                break;
            case GicOperationKind.RedistributorWrite when address < FrameEnd:
                WriteRedistributor(index, (int)address, size, value);
                break;
            case GicOperationKind.ItsRead:
                _value = _its[index].Read(address, size);
                break;
            case GicOperationKind.ItsWrite:
                _its[index].Write(address, size, value);
                break;
            case GicOperationKind.SignalMessage:
                _result = _its.Signal(address, (uint)value, (uint)(_operation.Detail >> 32), (uint)_operation.Detail);
                break;
            case GicOperationKind.SpiLine:
                _result = DriveSpi(value != 0);
                break;
            case GicOperationKind.GetAttribute or GicOperationKind.SetAttribute:
                _result = DoAttribute();
                break;
            case GicOperationKind.GetItsAttribute:
                _result = new ItsUapi(_its[index]).GetAttribute(Group, address, out _value);
                break;
            case GicOperationKind.SetItsAttribute:
                _result = new ItsUapi(_its[index]).SetAttribute(Group, address, value);
                break;
            case GicOperationKind.Released:
                Release(index, InterruptId, (uint)value);
                break;
            case GicOperationKind.Deactivate:
                Deactivate();
                break;
            case GicOperationKind.AddRegion:
                _redistributors.Placement.Add(new RedistributorRegion(address, index, size != 0));
                break;
            case GicOperationKind.Initialize:
                _result = Initialize((int)value);
                break;
            case GicOperationKind.CreateIts:
                _result = CreateIts() is var its && its < 0 ? its : Errno.Success;
                _value = its < 0 ? 0 : (ulong)its;
                break;
            case GicOperationKind.PlaceIts:
                PlaceIts(index, address);
                break;
        }
    }

    /// <summary>Guests' accesses of a width or alignment that nothing takes.</summary>
    private void ReportRefused()
    {
        var (kind, _, size, address, value, _) = _operation;
        var isTaken = kind switch
        {
            GicOperationKind.DistributorRead or GicOperationKind.DistributorWrite => address < FrameEnd && Distributor.Takes((int)address, size),
            GicOperationKind.RedistributorRead or GicOperationKind.RedistributorWrite => address < FrameEnd && Redistributors.Takes((int)address, size),
            _ => true,
        };
        if (!isTaken && _host.Listening)
        {
            var isWrite = kind is GicOperationKind.DistributorWrite or GicOperationKind.RedistributorWrite;
            _host.Report(new DeviceReport(ReportKind.Refused, NoLine, AccessDetail.Of(address, size, isWrite), value));
        }
    }

    /// <summary>Commands go one by one, each with what it needs back.</summary>
    /// <returns>Whether none is left.</returns>
    private bool TryExecuteCommands()
    {
        if (_operation.Kind is not (GicOperationKind.ItsWrite or GicOperationKind.SetItsAttribute))
        {
            return true;
        }

        for (var unit = _its[_operation.Index]; unit.HasCommands; unit.ExecuteNext())
        {
            unit.CollectRecalls(_recalls);
            if (_recalls.Count > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>Its index, or -EINVAL where there are too many.</returns>
    private int CreateIts()
    {
        var its = _its.Create();
        if (its >= 0)
        {
            _redistributors.ItsCreated();
        }

        return its;
    }

    private int Initialize(int interrupts)
    {
        if (!GicTopology.IsInterruptCount(interrupts))
        {
            return Errno.InvalidArgument;
        }

        _spis.Reset(interrupts);
        return Errno.Success;
    }

    private void PlaceIts(int its, ulong address) => _its[its].Base = address;

    private int DriveSpi(bool level)
    {
        if (!_spis.Exists(InterruptId))
        {
            return Errno.InvalidArgument;
        }

        _spis.Drive((int)InterruptId, level);
        return Errno.Success;
    }

    private void Release(int vcpu, long interruptId, uint sequence)
    {
        if (_spis.Exists(interruptId))
        {
            _spis.Released(vcpu, (int)interruptId, sequence);
        }
        else if (interruptId is >= InterruptIds.FirstLpi and < InterruptIds.LpiEnd)
        {
            _lpis.Released(vcpu, (int)interruptId, sequence);
        }
    }

    /// <summary>
    /// Spec 2.5. EOIR ends what is active on its own CPU, if group and priority are those that it dropped; it comes here when
    /// the interrupt was recalled meanwhile. DIR ends an SPI wherever it is active, in KVM since late 2025. QEMU asks none of this.
    /// An activation that is over, by a write of ICACTIVER, is not ended by what was sent before its CPU could see that.
    /// </summary>
    private void Deactivate()
    {
        if (!MayEnd())
        {
            return;
        }

        var interruptId = (int)InterruptId;
        var (_, isDirect, group, priority, mask, _) = _operation.Deactivation;
        var isMatching = isDirect || _profile.EndDeactivatesAny || (_spis.GroupOf(interruptId) == group && (_spis.Priority(interruptId) & mask) == priority);
        if (isMatching && MayDeactivate(_spis.ActiveOn(interruptId)))
        {
            _ = _spis.Deactivate(interruptId);
            _spis.Touch(interruptId);
        }
    }

    /// <summary>Whether a deactivation is of an activation that goes on.</summary>
    private bool MayEnd() => _spis.Exists(InterruptId) && !_spis.IsOver((int)InterruptId, _operation.Deactivation.Sequence);

    /// <summary>Whether the operation's CPU may end what another has.</summary>
    private bool MayDeactivate(int vcpu) =>
        vcpu == _operation.Index || _profile.EndDeactivatesAny || (_operation.Deactivation.IsDirect && _profile.DirectReachesOtherCpus);

    private void CollectForDistributor(int offset, int size, ulong value, bool isUser)
    {
        _distributor.CollectRecalls(offset, size, isWrite: true, value, isUser, _recalls);
        if (_distributor.ClosesGroup1(offset, size, value))
        {
            _lpis.CollectAllRecalls(_recalls);
        }
    }

    private int WriteDistributor(int offset, int size, ulong value, bool isUser)
    {
        var before = _spis.EnabledGroups;
        var result = _distributor.Write(offset, size, value, isUser);
        if ((_spis.EnabledGroups & ~before & DistributorRegisters.EnableGroup1) != 0)
        {
            _lpis.DeliverPending();
        }

        return result;
    }

    private void CollectForRedistributor(int vcpu, int offset, int size, ulong value)
    {
        if (_redistributors.ControlsLpis(offset, size) && (value & RedistributorRegisters.EnableLpis) == 0 && _redistributors.LpisEnabled(vcpu))
        {
            _lpis.CollectRecallsOfVcpu(vcpu, _recalls);
        }
        else if (_redistributors.Invalidates(vcpu, offset, size))
        {
            if (offset == RedistributorRegisters.InvalidateAll)
            {
                _lpis.CollectRecallsForInvalidation(vcpu, _recalls);
            }
            else if ((uint)value < InterruptIds.LpiEnd)
            {
                _lpis.CollectRecallsOf((int)(uint)value, _recalls);
            }
        }
    }

    private void WriteRedistributor(int vcpu, int offset, int size, ulong value)
    {
        if (_redistributors.ControlsLpis(offset, size))
        {
            EnableLpis(vcpu, (value & RedistributorRegisters.EnableLpis) != 0);
        }
        else if (!_redistributors.Invalidates(vcpu, offset, size))
        {
            _redistributors.Write(vcpu, offset, size, value);
        }
        else if (offset == RedistributorRegisters.InvalidateAll)
        {
            _lpis.InvalidateAll(vcpu);
        }
        else if ((uint)value < InterruptIds.LpiEnd)
        {
            _lpis.InvalidateLpi((int)(uint)value);
        }
    }

    /// <summary>Spec 4.3. QEMU looks at the pending table at each write of 1.</summary>
    private void EnableLpis(int vcpu, bool enable)
    {
        var was = _redistributors.LpisEnabled(vcpu);
        _redistributors.SetLpisEnabled(vcpu, enable);
        if (enable && (!was || _profile.TablesAreState))
        {
            _lpis.EnableLpis(vcpu);
        }
        else if (was && !enable)
        {
            _its.DisableLpis(vcpu);
        }
    }

    private void CheckLoaded()
    {
        if (_isExecuted && _operation.Kind is not (GicOperationKind.ItsWrite or GicOperationKind.SetItsAttribute))
        {
            throw new StateFormatException($"row 'operation.executed': {_operation.Kind} is done in one step");
        }

        try
        {
            Check(_operation);
        }
        catch (ArgumentException refused)
        {
            throw new StateFormatException($"row 'operation': {refused.Message}");
        }
    }
}
