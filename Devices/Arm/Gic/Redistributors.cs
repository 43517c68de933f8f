using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The RD frames of all redistributors (spec gicv3-its 4): where the LPIs' tables are and whether LPIs are delivered. The SGI frames
/// are with the vCPUs. What a write means for LPIs, the board does.
/// </summary>
internal sealed class Redistributors : ILpiTargets
{
    private const int Word = sizeof(uint);

    private readonly GicProfile _profile;
    private readonly VcpuIds _vcpus;
    private readonly Func<int> _revision;
    private readonly SpiStore _spis;
    private readonly byte[] _enablesLpis;
    private readonly byte[] _sleeps;
    private readonly ulong[] _propertyBase;
    private readonly ulong[] _pendingBase;
    private readonly RedistributorPlacement _placement;
    private bool _hasIts;

    /// <param name="profile">The implementation.</param>
    /// <param name="vcpus">One redistributor each.</param>
    /// <param name="spis">Who knows what GICD_CTLR lets pass.</param>
    /// <param name="revision">GICD_IIDR's.</param>
    public Redistributors(GicProfile profile, VcpuIds vcpus, SpiStore spis, Func<int> revision)
    {
        (_profile, _vcpus, _spis, _revision) = (profile, vcpus, spis, revision);
        _placement = new RedistributorPlacement(vcpus.Count);
        (_enablesLpis, _sleeps) = (new byte[vcpus.Count], new byte[vcpus.Count]);
        _sleeps.AsSpan().Fill((byte)(profile.HasWaker ? 1 : 0));
        _pendingBase = new ulong[vcpus.Count];
        _propertyBase = new ulong[profile.RawLpiTableRegisters ? vcpus.Count : 1];
        _pendingBase.AsSpan().Fill(profile.RawLpiTableRegisters ? 0 : TableBase.Reset);
    }

    public bool HasIts => _hasIts;

    public RedistributorPlacement Placement => _placement;

    int ILpiTargets.Vcpus => _vcpus.Count;

    bool ILpiTargets.DeliversGroup1 => (_spis.EnabledGroups & DistributorRegisters.EnableGroup1) != 0;

    /// <summary>GICR_CTLR.EnableLPIs of a vCPU.</summary>
    public bool LpisEnabled(int vcpu) => _enablesLpis[vcpu] != 0;

    int ILpiTargets.IndexOf(uint vcpuId) => vcpuId > VcpuIds.MaximumId ? VcpuIds.Absent
        : _profile.TargetsByIndex ? (vcpuId < _vcpus.Count ? (int)vcpuId : VcpuIds.Absent)
        : _vcpus.IndexOf((int)vcpuId);

    ulong ILpiTargets.PendingBase(int vcpu) => _pendingBase[vcpu];

    bool ILpiTargets.PendingTableIsZero(int vcpu) => (_pendingBase[vcpu] & RedistributorRegisters.PendingTableZero) != 0;

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

    /// <summary>Whether an access is a write of GICR_CTLR that says what becomes of LPIs; without an ITS none does.</summary>
    public bool ControlsLpis(int offset, int size) => offset == RedistributorRegisters.Control && size == Word && _hasIts;

    public void SetLpisEnabled(int vcpu, bool enabled) => _enablesLpis[vcpu] = (byte)(enabled ? 1 : 0);

    /// <summary>Whether an access is a write of GICR_INVLPIR or GICR_INVALLR that does something (spec 4.6).</summary>
    public bool Invalidates(int vcpu, int offset, int size) => _profile.HasInvalidateRegisters
        && offset is RedistributorRegisters.InvalidateLpi or RedistributorRegisters.InvalidateAll
        && size is Word or sizeof(ulong)
        && LpisEnabled(vcpu);

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
            StateCheck.SignedRange("EnableLPIs", _enablesLpis[vcpu], 0, _hasIts ? 1 : 0);
            StateCheck.SignedRange("ProcessorSleep", _sleeps[vcpu], 0, _profile.HasWaker ? 1 : 0);
        }
    }

    /// <summary>Spec 3.1: 32 bits, or 64 where the register has so many.</summary>
    public static bool Takes(int offset, int size) => (offset & (size - 1)) == 0 && size switch
    {
        Word => true,
        sizeof(ulong) => offset is RedistributorRegisters.Type or RedistributorRegisters.PropertyBase or RedistributorRegisters.PendingBase
            or RedistributorRegisters.InvalidateLpi or RedistributorRegisters.InvalidateAll,
        _ => false,
    };

    /// <summary>Spec 4.3. Disabling is over before the write completes, so RWP is never seen.</summary>
    private uint Control(int vcpu)
    {
        const int FirstWithInvalidate = 3;
        var isNew = _revision() >= FirstWithInvalidate;
        return (LpisEnabled(vcpu) ? RedistributorRegisters.EnableLpis : 0)
            | (isNew || (_profile.AlwaysClearableEnable && _hasIts) ? RedistributorRegisters.ClearableEnable : 0)
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
        else if (!LpisEnabled(vcpu))
        {
            register = sanitize(merged);
        }
    }
}
