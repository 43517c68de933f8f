using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>In KVM's GIC, where none but its target can have an LPI: the sequence is in the object, which a message has at hand.</summary>
/// <param name="vcpus">How many there are.</param>
/// <param name="lpis">The objects.</param>
internal sealed class KvmHolds(int vcpus, LpiTable lpis) : LpiHolds(vcpus)
{
    public override uint SequenceOf(int vcpu, int interruptId)
    {
        ref var lpi = ref lpis.At(interruptId);
        return lpi.Target == vcpu ? lpi.Sequence : 0;
    }

    public override int Next(int vcpu, int from) => lpis.OfVcpu(vcpu).NextFrom(from, lpis.Held);

    /// <summary>With the objects.</summary>
    private protected override void Clear() => lpis.Clear();

    /// <summary>While state is loaded, holds come before the objects: they are not there yet, and say here where they are to go.</summary>
    private protected override uint Replace(int vcpu, int interruptId, uint sequence)
    {
        ref var lpi = ref lpis.At(interruptId);
        if (!lpi.Exists)
        {
            if (lpi.Sequence != 0)
            {
                throw new StateFormatException($"vCPUs {lpi.Target} and {vcpu} both hold LPI {interruptId}, which goes to one");
            }

            lpi.Target = (short)vcpu;
        }

        var old = lpi.Sequence;
        lpi.Sequence = sequence;
        if (sequence != 0)
        {
            lpis.Held.Add(interruptId);
        }
        else
        {
            lpis.Held.Remove(interruptId);
        }

        return old;
    }
}
