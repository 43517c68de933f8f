using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Cluster.Attempts;

/// <summary>What an attempt asks of the node that carries it out, on the simulation's thread, between two windows.</summary>
internal interface IAttemptSupervisor
{
    /// <summary>Whether the next window is to be a cut. Asked of the lead alone.</summary>
    bool WantsCut { get; }

    /// <summary>Whether the run is to stand still for the next window; its beginning and end are told to people. Asked of the lead alone.</summary>
    bool StandsStill();

    /// <summary>The next thing to do, if there is one. Asked of the lead alone.</summary>
    AttemptCommand? Take();

    /// <summary>Writes down what a person does, before it takes effect. False where that cannot be done now: then it takes none.</summary>
    bool WriteDown(JournalEntry act);

    /// <summary>What has become of a command. Told by the lead alone.</summary>
    /// <param name="command">As taken.</param>
    /// <param name="answer">For people.</param>
    void Answer(AttemptCommand command, string answer);

    /// <summary>Memory for the state at a cut; null where there is none to be had: this cut comes to nothing.</summary>
    StateCapture? RentCapture();

    /// <summary>This node's groups at a cut.</summary>
    /// <param name="number">Of the cut within the attempt, the same on all nodes.</param>
    /// <param name="state">What was rented, filled.</param>
    /// <param name="at">The cut.</param>
    /// <param name="halt">How long this node stood still for it.</param>
    void Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt);
}
