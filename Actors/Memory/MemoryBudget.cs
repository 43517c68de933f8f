using Trapline.Actors.Kernel;

namespace Trapline.Actors.Memory;

/// <summary>Guest memory that a node may touch. Shared by its groups, which may run at the same time.</summary>
public sealed class MemoryBudget(long limitBytes)
{
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > limitBytes)
        {
            throw new SimulationException($"the guests touched more than {limitBytes} bytes of memory on one node: raise limits.memory");
        }
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
