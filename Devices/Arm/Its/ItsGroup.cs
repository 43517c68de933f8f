using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>All ITSs of a machine and the LPIs that they share.</summary>
public sealed class ItsGroup
{
    /// <summary>ITSs at most; KVM has no limit, this one keeps state bounded.</summary>
    public const int Maximum = 64;

    /// <summary>KVM_MSI_VALID_DEVID.</summary>
    public const uint ValidDeviceId = 1;

    private readonly IGicBoardHost _host;
    private readonly GicProfile _profile;
    private readonly IGuestMemory _memory;
    private readonly ILpiTargets _targets;
    private readonly List<ItsUnit> _units = [];

    public ItsGroup(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets)
    {
        _host = host;
        _profile = profile;
        _memory = memory;
        _targets = targets;
        Lpis = LpiStore.Create(host, profile, memory, targets);
    }

    /// <summary>Shared by all; exist whether or not there is an ITS.</summary>
    public LpiStore Lpis { get; }

    public int Count => _units.Count;

    public ItsUnit this[int index] => _units[index];

    /// <summary>Adds an ITS that has no address yet.</summary>
    /// <returns>Its index, or -EINVAL beyond <see cref="Maximum"/>.</returns>
    public int Create()
    {
        if (_units.Count == Maximum)
        {
            return Errno.InvalidArgument;
        }

        _units.Add(new ItsUnit(_units.Count, _host, _profile, _memory, _targets, Lpis));
        return _units.Count - 1;
    }

    /// <summary>EnableLPIs of a vCPU has changed to 0; what it had was fetched before, the register has its new value.</summary>
    public void DisableLpis(int vcpu)
    {
        foreach (var unit in _units)
        {
            unit.EmptyCache();
        }

        Lpis.DisableLpis(vcpu);
    }

    /// <summary>KVM_SIGNAL_MSI, or a route of that kind (spec 8.2).</summary>
    /// <param name="address">The doorbell. KVM takes any address in the frames of an ITS, QEMU its GITS_TRANSLATER.</param>
    /// <param name="data">EventID.</param>
    /// <param name="flags">Bit 0: the DeviceID is valid. KVM does not look where its cache has the event.</param>
    /// <param name="deviceId">DeviceID.</param>
    /// <returns>1: it is pending. 0: blocked by the guest, for nothing is mapped. Otherwise a negative errno.</returns>
    public int Signal(ulong address, uint data, uint flags, uint deviceId)
    {
        if ((flags & ~ValidDeviceId) != 0)
        {
            return Errno.InvalidArgument;
        }

        if (_units.Count == 0)
        {
            return Errno.NoSuchDevice;
        }

        var unit = FindByDoorbell(address);
        if (unit?.Mappings.TryTranslateCached(deviceId, data) ?? false)
        {
            return 1;
        }

        if ((flags & ValidDeviceId) == 0 || unit is null)
        {
            return Errno.InvalidArgument;
        }

        return unit.Translate(deviceId, data) switch
        {
            Errno.Success => 1,
            > 0 => 0,
            var error => error,
        };
    }

    /// <summary>All state: the LPIs, then each ITS.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("lpis");
        Lpis.SyncState(sync);
        sync.End();
        var count = _units.Count;
        sync.Count("its_count", ref count, Maximum);
        if (sync.Loading)
        {
            _units.Clear();
            while (_units.Count < count)
            {
                _ = Create();
            }
        }

        foreach (var unit in _units)
        {
            sync.Begin("its", unit.Index);
            unit.SyncState(sync);
            sync.End();
        }

        if (sync.Loading)
        {
            Lpis.FinishLoad();
        }
    }

    private ItsUnit? FindByDoorbell(ulong address)
    {
        foreach (var unit in _units)
        {
            if (unit.Base is { } start && address - start is var offset && (_profile.TranslaterIsRegister ? offset == ItsOffsets.Translater : offset < ItsOffsets.End))
            {
                return unit;
            }
        }

        return null;
    }
}
