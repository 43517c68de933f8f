using System.Numerics;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Gic;

/// <content>
/// The attributes of the GIC's device file that are the board's: DIST_REGS, REDIST_REGS of the RD frame, LEVEL_INFO of SPIs (spec
/// gicv3-its 9.3). Those of private interrupts and CPU registers are the vCPU's; addresses and numbers are the file's own.
/// </content>
public sealed partial class GicBoard
{
    private uint Group => (uint)_operation.Detail;

    private int AttributeVcpu => _vcpus.IndexOfAffinity((uint)(_operation.Address >> GicAttributes.AffinityShift));

    private bool IsSet => _operation.Kind == GicOperationKind.SetAttribute;

    private void CollectForAttribute()
    {
        var offset = (uint)_operation.Address;
        switch (Group)
        {
            case GicAttributes.DistributorRegisters when offset < FrameEnd && IsSet:
                CollectForDistributor((int)offset, sizeof(uint), (uint)_operation.Value, isUser: true);
                break;
            case GicAttributes.DistributorRegisters when offset < FrameEnd:
                _distributor.CollectRecalls((int)offset, sizeof(uint), isWrite: false, 0, isUser: true, _recalls);
                break;
            case GicAttributes.RedistributorRegisters when offset < FrameEnd && IsSet && AttributeVcpu >= 0:
                CollectForRedistributor(AttributeVcpu, (int)offset, sizeof(uint), (uint)_operation.Value);
                break;
            case GicAttributes.Control when IsSet && _operation.Address == GicAttributes.ControlSavePending:
                _lpis.CollectAllRecalls(_recalls);
                break;
        }
    }

    private int DoAttribute()
    {
        var attribute = _operation.Address;
        switch (Group)
        {
            case GicAttributes.DistributorRegisters:
                return DoDistributor((uint)attribute);
            case GicAttributes.RedistributorRegisters:
                return DoRedistributor(AttributeVcpu, (uint)attribute);
            case GicAttributes.LevelInfo:
                return DoLevels(attribute);
            case GicAttributes.Control when IsSet && attribute == GicAttributes.ControlSavePending:
                return _lpis.SavePendingTables();
            default:
                return Errno.NoSuchAddress;
        }
    }

    /// <summary>What has no register is read as 0 and ignored, with success.</summary>
    private int DoDistributor(uint offset)
    {
        if (offset >= FrameEnd)
        {
            return Errno.Success;
        }

        if (IsSet)
        {
            return WriteDistributor((int)offset, sizeof(uint), (uint)_operation.Value, isUser: true);
        }

        _value = _distributor.Read((int)offset, sizeof(uint), isUser: true);
        return Errno.Success;
    }

    private int DoRedistributor(int vcpu, uint offset)
    {
        if (vcpu < 0)
        {
            return Errno.InvalidArgument;
        }

        if (offset >= FrameEnd)
        {
            return Errno.Success;
        }

        if (IsSet)
        {
            WriteRedistributor(vcpu, (int)offset, sizeof(uint), (uint)_operation.Value);
        }
        else
        {
            _value = _redistributors.Read(vcpu, (int)offset, sizeof(uint));
        }

        return Errno.Success;
    }

    /// <summary>A wire has a level whatever the trigger mode; what is read are those that are level-triggered.</summary>
    private int DoLevels(ulong attribute)
    {
        var first = (int)(attribute & GicAttributes.LevelInterruptMask);
        var kind = (attribute >> GicAttributes.LevelKindShift) & GicAttributes.LevelKindMask;
        if (AttributeVcpu < 0 || kind != 0 || first % SpiStore.WordBits != 0)
        {
            return Errno.InvalidArgument;
        }

        var word = first / SpiStore.WordBits;
        var implemented = _spis.Implemented(word);
        if (!IsSet)
        {
            _value = implemented == 0 ? 0 : _spis.Line(word) & ~_spis.Edge(word);
            return Errno.Success;
        }

        for (var rest = implemented; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            _spis.SetLine(first + index, (_operation.Value >> index & 1) != 0);
        }

        return Errno.Success;
    }
}
