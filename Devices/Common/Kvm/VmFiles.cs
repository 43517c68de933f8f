using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// The files through which user space holds a VM: one of the VM itself, one of each vCPU, one of each device. The VM lives
/// until the last of them is closed; a vCPU or device whose file is closed stays part of it (virt/kvm/kvm_main.c: each file
/// holds a reference of the VM).
/// </summary>
/// <param name="maximumVcpus">KVM_CAP_MAX_VCPUS.</param>
/// <param name="devices">The devices that the VM can have, one for each file; a type that it can have several of comes as often.</param>
public sealed class VmFiles(int maximumVcpus, IReadOnlyList<KvmDeviceType> devices)
{
    /// <summary>KVM_CREATE_DEVICE_TEST: asks whether the type is known, and nothing else.</summary>
    public const uint CreateDeviceTest = 1;

    private readonly byte[] _vcpus = new byte[maximumVcpus];
    private readonly byte[] _devices = new byte[devices.Count];
    private byte _vm;

    private enum FileState : byte
    {
        None,
        Open,

        /// <summary>Closed, while what it stood for lives on with the VM.</summary>
        Closed,
    }

    /// <summary>The VM exists.</summary>
    public bool IsAlive => (FileState)_vm != FileState.None;

    public bool IsVmOpen => (FileState)_vm == FileState.Open;

    public bool IsVcpuOpen(int vcpu) => (uint)vcpu < (uint)_vcpus.Length && (FileState)_vcpus[vcpu] == FileState.Open;

    /// <summary>The vCPU exists, its file open or not.</summary>
    public bool HasVcpu(int vcpu) => (uint)vcpu < (uint)_vcpus.Length && (FileState)_vcpus[vcpu] != FileState.None;

    public bool IsDeviceOpen(DeviceFile device) => SlotOf(device) is >= 0 and var slot && IsOpen(_devices[slot]);

    /// <summary>KVM_CREATE_VM.</summary>
    /// <returns>0; EBUSY while there is one: a machine has one VM, and a second one would be another machine.</returns>
    public int CreateVm()
    {
        if (IsAlive)
        {
            return Errno.Busy;
        }

        _vm = (byte)FileState.Open;
        return Errno.Success;
    }

    /// <summary>KVM_CREATE_VCPU.</summary>
    /// <returns>0; EBADF without the VM's file, EINVAL for a number over the maximum, EEXIST for one that was created before, also where its file is closed.</returns>
    public int CreateVcpu(ulong number)
    {
        if (!IsVmOpen)
        {
            return Errno.BadFile;
        }

        if (number >= (ulong)_vcpus.Length)
        {
            return Errno.InvalidArgument;
        }

        ref var state = ref _vcpus[number];
        if ((FileState)state != FileState.None)
        {
            return Errno.Exists;
        }

        state = (byte)FileState.Open;
        return Errno.Success;
    }

    /// <summary>KVM_CREATE_DEVICE has created it.</summary>
    public void DeviceCreated(DeviceFile device)
    {
        var slot = SlotOf(device);
        if (slot < 0)
        {
            throw new ArgumentException($"the VM has no room for {device}", nameof(device));
        }

        _devices[slot] = (byte)FileState.Open;
    }

    /// <returns>0 or EBADF.</returns>
    public int CloseVm() => Close(ref _vm);

    /// <inheritdoc cref="CloseVm"/>
    public int CloseVcpu(int vcpu) => (uint)vcpu < (uint)_vcpus.Length ? Close(ref _vcpus[vcpu]) : Errno.BadFile;

    /// <inheritdoc cref="CloseVm"/>
    public int CloseDevice(DeviceFile device) => SlotOf(device) is >= 0 and var slot ? Close(ref _devices[slot]) : Errno.BadFile;

    /// <summary>After a close: true if it was the last file, and nothing of the VM is left.</summary>
    public bool TryDestroy()
    {
        if (!IsAlive || IsOpen(_vm) || Array.Exists(_vcpus, IsOpen) || Array.Exists(_devices, IsOpen))
        {
            return false;
        }

        _vm = 0;
        Array.Clear(_vcpus);
        Array.Clear(_devices);
        return true;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.RowBelow("vm", ref _vm, (int)FileState.Closed + 1);
        for (var vcpu = 0; vcpu < _vcpus.Length; vcpu++)
        {
            sync.Begin("vcpu", vcpu);
            sync.RowBelow("file", ref _vcpus[vcpu], (int)FileState.Closed + 1);
            sync.End();
        }

        for (var device = 0; device < _devices.Length; device++)
        {
            sync.Begin("device", device);
            sync.RowBelow("file", ref _devices[device], (int)FileState.Closed + 1);
            sync.End();
        }
    }

    private static bool IsOpen(byte state) => (FileState)state == FileState.Open;

    private static int Close(ref byte state)
    {
        if (!IsOpen(state))
        {
            return Errno.BadFile;
        }

        state = (byte)FileState.Closed;
        return Errno.Success;
    }

    private int SlotOf(DeviceFile device)
    {
        var before = device.Number;
        for (var slot = 0; slot < devices.Count; slot++)
        {
            if (devices[slot] == device.Type && before-- == 0)
            {
                return slot;
            }
        }

        return -1;
    }
}
