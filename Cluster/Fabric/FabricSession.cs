namespace Trapline.Cluster.Fabric;

/// <summary>
/// One attempt of one job of one run: what a set of links belongs to. A node takes part in many, one after the other or at
/// once; the default is that of a run outside any cluster.
/// </summary>
/// <param name="Run">The run's number in its cluster.</param>
/// <param name="Job">The job of that run, from 0.</param>
/// <param name="Attempt">How often it was started before; a greater one ends all smaller ones.</param>
/// <param name="Epoch">The run's epoch, which every frame carries: a frame of another one is refused.</param>
public readonly record struct FabricSession(long Run, int Job, int Attempt, uint Epoch)
{
    public override string ToString() => $"attempt {Attempt} of job {Job} of run {Run}";

    internal void Require()
    {
        if (Run < 0 || Job < 0 || Attempt < 0)
        {
            throw new FabricException(FabricFailure.Usage, $"Numbers of a session are not negative; this is {this}.");
        }
    }
}
