using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>Somebody asked for the end of the run: it ends exactly the scenario's greatest path latency later.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="By">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="Code">The guest's exit code.</param>
/// <param name="Detail">One sentence for people.</param>
public sealed record EndRequest(VirtualTime At, ActorAddress By, EndReason Reason, ulong Code, string Detail)
{
    /// <summary>The request that counts: the earlier one; of two at the same time the lower address.</summary>
    public static EndRequest? First(EndRequest? a, EndRequest? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        var order = a.At.CompareTo(b.At);
        return (order != 0 ? order : a.By.CompareTo(b.By)) <= 0 ? a : b;
    }
}
