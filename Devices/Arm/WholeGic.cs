using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm;

/// <summary>
/// A GIC in one piece: the board's half and that of each vCPU, wired without messages, so that all a call causes has happened when
/// it returns. For replay and for vectors; a machine has the halves in actors.
/// </summary>
public sealed class WholeGic
{
    public WholeGic(GicProfile profile, GicTopology topology, IGuestMemory memory)
    {
        Profile = profile;
        Topology = topology;
        Memory = memory;
    }

    public GicProfile Profile { get; }

    public GicTopology Topology { get; }

    public IGuestMemory Memory { get; }

    /// <summary>The guest reads a register by memory access.</summary>
    /// <param name="space">Where.</param>
    /// <param name="index">Of the vCPU whose redistributor it is, or of the ITS; not looked at for the distributor.</param>
    /// <param name="offset">From the base of that space.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <returns>Zero-extended; 0 for what does not exist.</returns>
    public ulong Read(GicSpace space, int index, ulong offset, int size) => throw new NotSupportedException($"{space} {index} {offset} {size}: {this}");

    /// <inheritdoc cref="Read"/>
    public void Write(GicSpace space, int index, ulong offset, int size, ulong value) => throw new NotSupportedException($"{space} {index} {offset} {size} {value}: {this}");

    /// <summary>The guest reads ICC_*_EL1 on a vCPU. IAR acknowledges.</summary>
    /// <param name="vcpu">Index.</param>
    /// <param name="register">op0 in 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3, op2 in 2:0 (spec 2.1).</param>
    public ulong ReadSystem(int vcpu, uint register) => throw new NotSupportedException($"{vcpu} {register}: {this}");

    /// <inheritdoc cref="ReadSystem"/>
    public void WriteSystem(int vcpu, uint register, ulong value) => throw new NotSupportedException($"{vcpu} {register} {value}: {this}");

    /// <summary>The level of the IRQ input of a vCPU.</summary>
    public bool IrqLine(int vcpu) => throw new NotSupportedException($"{vcpu}: {this}");

    /// <inheritdoc cref="IrqLine"/>
    public bool FiqLine(int vcpu) => throw new NotSupportedException($"{vcpu}: {this}");

    /// <returns>0, or -EINVAL where there is no such SPI.</returns>
    public int DriveSpi(int interruptId, bool level) => throw new NotSupportedException($"{interruptId} {level}: {this}");

    /// <returns>0, or -EINVAL where there is no such PPI or vCPU.</returns>
    public int DrivePpi(int vcpu, int interruptId, bool level) => throw new NotSupportedException($"{vcpu} {interruptId} {level}: {this}");

    /// <inheritdoc cref="GicOperation.SendMessage"/>
    public int SendMessage(ulong address, uint data, uint flags, uint deviceId) => throw new NotSupportedException($"{address} {data} {flags} {deviceId}: {this}");

    /// <summary>PSCI CPU_ON after CPU_OFF: the CPU interface is as after reset, the redistributor stays.</summary>
    public void ResetCpuInterface(int vcpu) => throw new NotSupportedException($"{vcpu}: {this}");

    /// <inheritdoc cref="GicOperation.GetAttribute"/>
    public int GetAttribute(uint group, ulong attribute, out ulong value) => throw new NotSupportedException($"{group} {attribute}: {this}");

    /// <inheritdoc cref="GicOperation.GetAttribute"/>
    public int SetAttribute(uint group, ulong attribute, ulong value) => throw new NotSupportedException($"{group} {attribute} {value}: {this}");

    /// <inheritdoc cref="GicOperation.GetAttribute"/>
    public int GetItsAttribute(int its, uint group, ulong attribute, out ulong value) => throw new NotSupportedException($"{its} {group} {attribute}: {this}");

    /// <inheritdoc cref="GicOperation.GetAttribute"/>
    public int SetItsAttribute(int its, uint group, ulong attribute, ulong value) => throw new NotSupportedException($"{its} {group} {attribute} {value}: {this}");

    public void SyncState(StateSync sync) => throw new NotSupportedException($"{sync}: {this}");
}
