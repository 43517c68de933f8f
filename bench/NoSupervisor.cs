using Trapline.Cluster.Attempts;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Bench;

/// <summary>Of an attempt that nobody disturbs and that is never cut.</summary>
internal sealed class NoSupervisor : IAttemptSupervisor
{
    public bool WantsCut => false;

    public bool StandsStill() => false;

    public AttemptCommand? Take() => null;

    public bool WriteDown(JournalEntry act) => false;

    public void Answer(AttemptCommand command, string answer)
    {
    }

    public StateCapture? RentCapture() => null;

    public void Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt)
    {
    }
}
