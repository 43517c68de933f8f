using Trapline.Cluster.Attempts;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Attempts;

/// <summary>Does nothing.</summary>
internal sealed class Silent : IAttemptSupervisor
{
    public bool WantsCut => false;

    public bool StandsStill() => false;

    public AttemptCommand? Take() => null;

    public bool WriteDown(JournalEntry act) => false;

    public void Answer(AttemptCommand command, string answer) => throw new InvalidOperationException("nothing was asked");

    public StateCapture? RentCapture() => null;

    public void Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt) => throw new InvalidOperationException("no cut was asked for");
}
