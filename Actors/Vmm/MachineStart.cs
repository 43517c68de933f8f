using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The order in which a VMM makes a machine: the VM, its vCPUs, the controllers with what they have to know, the routing of
/// interrupts; then the vCPUs run. The steps are the architecture's. Rows of the VMM's actor.
/// </summary>
/// <remarks>It costs no virtual time but that of the messages: a machine's time is counted from when it is switched on.</remarks>
public abstract class MachineStart
{
    private readonly int _end;
    private int _step;

    // Of a step that is made more than once.
    private int _round;

    /// <param name="steps">How many steps there are, of which the last runs the vCPUs.</param>
    protected MachineStart(int steps) => _end = steps;

    /// <summary>False for a machine into which another one's state will come: its vCPUs wait. Decided by who begins, no row.</summary>
    public bool RunsVcpus { get; set; } = true;

    public bool IsDone => _step == _end;

    /// <summary>What is being done, for errors.</summary>
    public string Name => IsDone ? "Done" : NameOf(_step);

    /// <summary>How the architecture routes interrupts.</summary>
    public abstract RoutingRules Rules { get; }

    /// <summary>Of the interrupt controller that GSIs lead to.</summary>
    public abstract int Pins { get; }

    /// <summary>The call of the present step; false once it runs.</summary>
    /// <param name="vmm">Sends it.</param>
    public bool TryCall(IVmmCalls vmm)
    {
        if (IsDone)
        {
            return false;
        }

        Call(vmm, _step, _round);
        return true;
    }

    /// <summary>The call was answered with 0.</summary>
    public void Answered()
    {
        if (++_round < RoundsOf(_step))
        {
            return;
        }

        _round = 0;
        do
        {
            _step++;
        }
        while (!IsDone && (RoundsOf(_step) == 0 || (_step == _end - 1 && !RunsVcpus)));
    }

    /// <summary>To be made anew.</summary>
    public void Restart() => (_step, _round) = (0, 0);

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var step = (byte)_step;
        sync.RowBelow("step", ref step, _end + 1);
        _step = step;
        sync.Count("vcpu", ref _round, Math.Max(0, MostRounds - 1));
        if (sync.Loading && _round > 0 && (IsDone || _round >= RoundsOf(_step)))
        {
            throw new StateFormatException($"row 'vcpu': step {Name} is not made {_round + 1} times");
        }
    }

    /// <summary>Greatest of <see cref="RoundsOf"/>.</summary>
    protected abstract int MostRounds { get; }

    protected abstract string NameOf(int step);

    /// <summary>How often a step is made; 0 to leave it out. The first is always made.</summary>
    protected abstract int RoundsOf(int step);

    /// <summary>Makes the call of a step.</summary>
    protected abstract void Call(IVmmCalls vmm, int step, int round);
}
