using Trapline.Devices.Arm.Ownership;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>One thing that <see cref="GicBoard"/> is told or asked. It may take several steps, between which the operation is state.</summary>
/// <param name="Kind">What.</param>
/// <param name="Index">Of the vCPU or ITS; -1 where there is none.</param>
/// <param name="Size">Bytes of an access.</param>
/// <param name="Address">Offset of a register, an attribute, an INTID, an address.</param>
/// <param name="Value">What is written.</param>
/// <param name="Detail">What else there is, by kind.</param>
public readonly record struct GicOperation(GicOperationKind Kind, int Index, int Size, ulong Address, ulong Value, ulong Detail)
{
    private const int Nobody = -1;

    /// <summary>Of <see cref="Deactivate"/>.</summary>
    internal Deactivation Deactivation => Deactivation.Unpack((int)Math.Min(Address, int.MaxValue), Detail);

    /// <param name="offset">From the distributor's base.</param>
    /// <param name="size">1, 2, 4 or 8 bytes; others read 0 and write nothing.</param>
    public static GicOperation ReadDistributor(ulong offset, int size) => new(GicOperationKind.DistributorRead, Nobody, size, offset, 0, 0);

    /// <inheritdoc cref="ReadDistributor"/>
    public static GicOperation WriteDistributor(ulong offset, int size, ulong value) => new(GicOperationKind.DistributorWrite, Nobody, size, offset, value, 0);

    /// <param name="vcpu">Index of the vCPU whose redistributor it is, whoever makes the access.</param>
    /// <param name="offset">In the RD frame, the first 64 KiB.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public static GicOperation ReadRedistributor(int vcpu, ulong offset, int size) => new(GicOperationKind.RedistributorRead, vcpu, size, offset, 0, 0);

    /// <inheritdoc cref="ReadRedistributor"/>
    public static GicOperation WriteRedistributor(int vcpu, ulong offset, int size, ulong value) =>
        new(GicOperationKind.RedistributorWrite, vcpu, size, offset, value, 0);

    /// <param name="its">Index, in the order of creation.</param>
    /// <param name="offset">In its 128 KiB.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public static GicOperation ReadIts(int its, ulong offset, int size) => new(GicOperationKind.ItsRead, its, size, offset, 0, 0);

    /// <inheritdoc cref="ReadIts"/>
    public static GicOperation WriteIts(int its, ulong offset, int size, ulong value) => new(GicOperationKind.ItsWrite, its, size, offset, value, 0);

    /// <summary>KVM_IRQ_LINE, a route to an SPI, a device's wire. The result is 0, or -EINVAL for an SPI that there is not.</summary>
    public static GicOperation DriveSpi(int interruptId, bool level) => new(GicOperationKind.SpiLine, Nobody, 0, (ulong)(long)interruptId, level ? 1UL : 0, 0);

    /// <summary>A message (spec 8.2). The result is 1 (delivered), 0 (blocked by the guest) or a negative errno.</summary>
    /// <param name="address">Of the doorbell.</param>
    /// <param name="data">EventID.</param>
    /// <param name="flags">Bit 0: the DeviceID is valid.</param>
    /// <param name="deviceId">Who sends it.</param>
    public static GicOperation SendMessage(ulong address, uint data, uint flags, uint deviceId) =>
        new(GicOperationKind.SignalMessage, Nobody, 0, address, data, ((ulong)flags << 32) | deviceId);

    /// <summary>KVM_GET_DEVICE_ATTR of the GIC: the groups that are the board's (spec 9.3). The result is 0 or a negative errno.</summary>
    public static GicOperation GetAttribute(uint group, ulong attribute) => new(GicOperationKind.GetAttribute, Nobody, 0, attribute, 0, group);

    /// <inheritdoc cref="GetAttribute"/>
    public static GicOperation SetAttribute(uint group, ulong attribute, ulong value) => new(GicOperationKind.SetAttribute, Nobody, 0, attribute, value, group);

    /// <inheritdoc cref="GetAttribute"/>
    public static GicOperation GetItsAttribute(int its, uint group, ulong attribute) => new(GicOperationKind.GetItsAttribute, its, 0, attribute, 0, group);

    /// <inheritdoc cref="GetAttribute"/>
    public static GicOperation SetItsAttribute(int its, uint group, ulong attribute, ulong value) =>
        new(GicOperationKind.SetItsAttribute, its, 0, attribute, value, group);

    /// <inheritdoc cref="Ownership.IGicCpuHost.Release"/>
    public static GicOperation Release(int vcpu, int interruptId, uint sequence) =>
        new(GicOperationKind.Released, vcpu, 0, (ulong)(long)interruptId, sequence, 0);

    /// <inheritdoc cref="Ownership.IGicCpuHost.Deactivate"/>
    public static GicOperation Deactivate(int vcpu, in Deactivation deactivation) =>
        new(GicOperationKind.Deactivate, vcpu, 0, (ulong)(long)deactivation.InterruptId, 0, deactivation.Packed);

    /// <summary>A region of redistributors was placed; vCPUs that have none take its slots, in the order of creation.</summary>
    public static GicOperation AddRegion(RedistributorRegion region) =>
        new(GicOperationKind.AddRegion, region.Count, region.HasExplicitCount ? 1 : 0, region.Base, 0, 0);

    /// <summary>CTRL_INIT: the distributor has so many INTIDs from now on, its SPIs are as at first (spec 9.2). The result is 0, or -EINVAL for a number that none has.</summary>
    public static GicOperation Initialize(int interrupts) => new(GicOperationKind.Initialize, Nobody, 0, 0, (ulong)(long)interrupts, 0);

    /// <summary>Creates an ITS that has no address yet. The value is its index, or the result -EINVAL beyond <see cref="Its.ItsGroup.Maximum"/>.</summary>
    public static GicOperation CreateIts() => new(GicOperationKind.CreateIts, Nobody, 0, 0, 0, 0);

    public static GicOperation PlaceIts(int its, ulong address) => new(GicOperationKind.PlaceIts, its, 0, address, 0, 0);

    /// <summary>The rows of an operation that is under way.</summary>
    internal static void SyncRows(StateSync sync, ref GicOperation operation)
    {
        var (kind, index, size, address, value, detail) = operation;
        var number = (byte)kind;
        sync.RowBelow("kind", ref number, (int)GicOperationKind.Initialize + 1);
        sync.Row("index", ref index);
        sync.Row("size", ref size);
        sync.Row("address", ref address);
        sync.Row("value", ref value);
        sync.Row("detail", ref detail);
        operation = new GicOperation((GicOperationKind)number, index, size, address, value, detail);
    }
}
