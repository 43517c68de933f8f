using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Actors.Statistics;

/// <summary>
/// The word of an answer that says what the call cost, and of how many calls to another host and back that is in part the travel.
/// The time of these is in <see cref="Time"/>; their number is for the ledger of the vCPU that waits it out.
/// </summary>
/// <param name="Packed">ps in the lower 52 bits, calls above; without hosts the word is the time.</param>
public readonly record struct CallCost(ulong Packed)
{
    private const int TimeBits = 52;
    private const ulong TimeMask = (1UL << TimeBits) - 1;
    private const int MostCalls = (1 << (64 - TimeBits)) - 1;

    /// <summary>ps, 0 to some 75 minutes.</summary>
    public VirtualTime Time => new((long)(Packed & TimeMask));

    /// <summary>Calls made on the way that crossed from one host to another.</summary>
    public int InterHostCalls => (int)(Packed >> TimeBits);

    public static CallCost operator +(CallCost a, CallCost b) => Of(a.Time + b.Time, a.InterHostCalls + b.InterHostCalls);

    public static CallCost Add(CallCost left, CallCost right) => left + right;

    /// <exception cref="SimulationException">No answer can say so much.</exception>
    public static CallCost Of(VirtualTime time, int interHostCalls = 0)
    {
        // Far above what one access causes: EIOINTC drives 8 lines of each of 256 CPUs.
        if ((ulong)time.Picoseconds > TimeMask || (uint)interHostCalls > MostCalls)
        {
            throw new SimulationException(
                $"one call costs {time} with {interHostCalls} calls to other hosts; an answer can carry {new VirtualTime((long)TimeMask)} and {MostCalls}: lower the costs of the profile or the latency between hosts");
        }

        return new((ulong)time.Picoseconds | ((ulong)interHostCalls << TimeBits));
    }
}
