using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>What planned faults do to a state transfer before it is sent.</summary>
internal static class TransferFaults
{
    /// <param name="faults">In the order in which they are planned.</param>
    /// <param name="stream">What is to be sent.</param>
    /// <param name="stale">What was read before the guest was stopped.</param>
    public static void Apply(IReadOnlyList<TransferFault> faults, TransferStream stream, TransferStream stale)
    {
        foreach (var fault in faults)
        {
            var isOfGroup = (TransferValue value) => value.Group == (byte)fault.Group;
            switch (fault.Kind)
            {
                case TransferFaultKind.Omit:
                    stream.Replace(stream.Values.Where(value => !isOfGroup(value)));
                    break;
                case TransferFaultKind.Stale:
                    PutStale(stream, stale, fault.Group);
                    break;
                case TransferFaultKind.Alter:
                    Alter(stream, fault);
                    break;
                case TransferFaultKind.First:
                    stream.Replace(stream.Values.OrderBy(value => isOfGroup(value) ? 0 : 1));
                    break;
                case TransferFaultKind.Last:
                    stream.Replace(stream.Values.OrderBy(value => isOfGroup(value) ? 1 : 0));
                    break;
            }
        }
    }

    private static void PutStale(TransferStream stream, TransferStream stale, StateGroup group)
    {
        var old = stale.Values.Where(value => value.Group == (byte)group).ToDictionary(value => value.Number, value => value.Value);
        for (var i = 0; i < stream.Count; i++)
        {
            var value = stream[i];
            if (value.Group == (byte)group && old.TryGetValue(value.Number, out var before))
            {
                value.Value = before;
                stream[i] = value;
            }
        }
    }

    private static void Alter(TransferStream stream, TransferFault fault)
    {
        var item = 0;
        for (var i = 0; i < stream.Count; i++)
        {
            var value = stream[i];
            if (value.Group == (byte)fault.Group && item++ == fault.Item)
            {
                value.Value ^= (ulong)fault.Bits << (8 * fault.Byte);
                stream[i] = value;
                return;
            }
        }

        throw new SimulationException($"value {fault.Item} of {fault.Group} is to be altered on its way, but the transfer has {item} of them");
    }
}
