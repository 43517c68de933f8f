using Trapline.Cluster.Attempts;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Attempts;

/// <summary>Of a run that has been unsafe for too long from its beginning: it is to stand still until there was a cut.</summary>
internal sealed class UnsafeSupervisor : IAttemptSupervisor
{
    private volatile bool _wasCut;

    public bool WasCut => _wasCut;

    public bool WantsCut => !_wasCut;

    public bool StandsStill() => !_wasCut;

    public AttemptCommand? Take() => null;

    public bool WriteDown(JournalEntry act) => false;

    public void Answer(AttemptCommand command, string answer) => throw new InvalidOperationException("nothing was asked");

    public StateCapture? RentCapture() => new();

    public void Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt) => _wasCut = true;
}
