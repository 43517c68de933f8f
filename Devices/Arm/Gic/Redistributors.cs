using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The RD frames of all redistributors (spec gicv3-its 4): where the LPIs' tables are and whether LPIs are delivered. The SGI frames
/// are with the vCPUs. What a write means for LPIs, the board does.
/// </summary>
internal sealed class Redistributors
{
    private const int Word = sizeof(uint);

    private readonly GicProfile _profile;
    private readonly VcpuTable _vcpus;
    private readonly Func<int> _revision;
    private readonly byte[] _enablesLpis;
    private readonly byte[] _sleeps;
    private readonly ulong[] _propertyBase;
    private readonly ulong[] _pendingBase;
    private readonly RedistributorPlacement _placement;
    private bool _hasIts;

    /// <param name="profile">The implementation.</param>
    /// <param name="vcpus">One redistributor each.</param>
    /// <param name="revision">GICD_IIDR's.</param>
    public Redistributors(GicProfile profile, VcpuTable vcpus, Func<int> revision)
    {
        (_profile, _vcpus, _revision) = (profile, vcpus, revision);
        _placement = new RedistributorPlacement(vcpus.Count);
        (_enablesLpis, _sleeps) = (new byte[vcpus.Count], new byte[vcpus.Count]);
        _sleeps.AsSpan().Fill((byte)(profile.HasWaker ? 1 : 0));
        _pendingBase = new ulong[vcpus.Count];
        _propertyBase = new ulong[profile.RawLpiTableRegisters ? vcpus.Count : 1];
        _pendingBase.AsSpan().Fill(profile.RawLpiTableRegisters ? 0 : TableBase.Reset);
    }

    public bool HasIts => _hasIts;

    public RedistributorPlacement Placement => _placement;

    public bool EnablesLpis(int vcpu) => _enablesLpis[vcpu] != 0;

    /// <summary>With <see cref="RedistributorRegisters.PendingTableZero"/>, which KVM does not show.</summary>
    public ulong PendingBase(int vcpu) => _pendingBase[vcpu];

    public ulong PropertyBase(int vcpu) => _propertyBase[_profile.RawLpiTableRegisters ? vcpu : 0];

    /// <summary>There is an ITS from now on; each that is created gives PROPBASER its reset value again (spec 4.4).</summary>
    public void ItsCreated()
    {
        _hasIts = true;
        _propertyBase.AsSpan().Fill(_profile.RawLpiTableRegisters ? 0 : TableBase.Reset);
    }

    public ulong Read(int vcpu, int offset, int size)
    {
        if (!Takes(offset, size))
        {
            return 0;
        }

        switch (offset & -sizeof(ulong))
        {
            case RedistributorRegisters.Type:
                return new RegisterLane(offset, size).Take(Type(vcpu));
            case RedistributorRegisters.PropertyBase:
                return new RegisterLane(offset, size).Take(PropertyBase(vcpu));
            case RedistributorRegisters.PendingBase:
                var hidden = _profile.RawLpiTableRegisters ? 0 : RedistributorRegisters.PendingTableZero;
                return new RegisterLane(offset, size).Take(_pendingBase[vcpu] & ~hidden);
        }

        return offset switch
        {
            RedistributorRegisters.Control => Control(vcpu),
            RedistributorRegisters.Implementer => _profile.ImplementerId,
            RedistributorRegisters.Waker => _sleeps[vcpu] != 0 ? RedistributorRegisters.ProcessorSleep | RedistributorRegisters.ChildrenAsleep : 0,
            >= IdentificationRegisters.First and < IdentificationRegisters.End =>
                IdentificationRegisters.Read(_profile, offset, IdentificationRegisters.Redistributor),
            _ => 0,
        };
    }

    /// <summary>Stores a register that only holds something.</summary>
    public void Write(int vcpu, int offset, int size, ulong value)
    {
        if (!Takes(offset, size))
        {
            return;
        }

        switch (offset & -sizeof(ulong))
        {
            case RedistributorRegisters.PropertyBase:
                WriteBase(vcpu, ref _propertyBase[_profile.RawLpiTableRegisters ? vcpu : 0], offset, size, value, TableBase.SanitizeProperty);
                break;
            case RedistributorRegisters.PendingBase:
                WriteBase(vcpu, ref _pendingBase[vcpu], offset, size, value, TableBase.SanitizePending);
                break;
        }

        if (offset == RedistributorRegisters.Waker && _profile.HasWaker)
        {
            _sleeps[vcpu] = (byte)((value & RedistributorRegisters.ProcessorSleep) != 0 ? 1 : 0);
        }
    }

    /// <summary>Whether an access is a write of GICR_CTLR that changes EnableLPIs; without an ITS it cannot be set.</summary>
    public bool TogglesLpis(int vcpu, int offset, int size, ulong value) =>
        offset == RedistributorRegisters.Control && size == Word && _hasIts && (value & RedistributorRegisters.EnableLpis) != 0 != EnablesLpis(vcpu);

    public void ToggleLpis(int vcpu) => _enablesLpis[vcpu] ^= 1;

    /// <summary>Whether an access is a write of GICR_INVLPIR or GICR_INVALLR that does something (spec 4.6).</summary>
    public bool Invalidates(int vcpu, int offset, int size) => _profile.HasInvalidateRegisters
        && offset is RedistributorRegisters.InvalidateLpi or RedistributorRegisters.InvalidateAll
        && size is Word or sizeof(ulong)
        && EnablesLpis(vcpu);

    public void SyncState(StateSync sync)
    {
        sync.Row("has ITS", ref _hasIts);
        sync.Row("EnableLPIs", _enablesLpis);
        sync.Row("ProcessorSleep", _sleeps);
        sync.Row("PROPBASER", _propertyBase);
        sync.Row("PENDBASER", _pendingBase);
        _placement.SyncState(sync);
        if (!sync.Loading)
        {
            return;
        }

        for (var vcpu = 0; vcpu < _vcpus.Count; vcpu++)
        {
            RowCheck.Range("EnableLPIs", _enablesLpis[vcpu], 0, _hasIts ? 1 : 0);
            RowCheck.Range("ProcessorSleep", _sleeps[vcpu], 0, _profile.HasWaker ? 1 : 0);
        }
    }

    /// <summary>Spec 3.1: 32 bits, or 64 where the register has so many.</summary>
    private static bool Takes(int offset, int size) => (offset & (size - 1)) == 0 && size switch
    {
        Word => true,
        sizeof(ulong) => offset is RedistributorRegisters.Type or RedistributorRegisters.PropertyBase or RedistributorRegisters.PendingBase,
        _ => false,
    };

    /// <summary>Spec 4.3. Disabling is over before the write completes, so RWP is never seen.</summary>
    private uint Control(int vcpu)
    {
        const int FirstWithInvalidate = 3;
        var isNew = _revision() >= FirstWithInvalidate;
        return (EnablesLpis(vcpu) ? RedistributorRegisters.EnableLpis : 0)
            | (isNew || _profile.AlwaysClearableEnable ? RedistributorRegisters.ClearableEnable : 0)
            | (isNew ? RedistributorRegisters.HasInvalidate : 0);
    }

    private ulong Type(int vcpu) => (_hasIts ? RedistributorRegisters.PhysicalLpis : 0)
        | (_placement.IsLast(vcpu) ? RedistributorRegisters.Last : 0)
        | ((ulong)(ushort)_vcpus.IdOf(vcpu) << RedistributorRegisters.ProcessorShift)
        | (_profile.CommonLpiAffinity ? RedistributorRegisters.CommonAffinity : 0)
        | ((ulong)CpuAffinity.Of(_vcpus.IdOf(vcpu)) << RedistributorRegisters.AffinityShift);

    private void WriteBase(int vcpu, ref ulong register, int offset, int size, ulong value, Func<ulong, ulong> sanitize)
    {
        var merged = new RegisterLane(offset, size).Put(register, value);
        if (_profile.RawLpiTableRegisters)
        {
            register = merged;
        }
        else if (!EnablesLpis(vcpu))
        {
            register = sanitize(merged);
        }
    }
}
