using Trapline.Actors.Kernel;
using Trapline.Machines.Boards;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>A LoongArch machine that its VMM has made and whose two vCPUs sleep, with a second program that makes calls on it.</summary>
internal sealed class BoundaryBench : CallBench
{
    public const int Vcpus = 2;

    /// <param name="guest">What the vCPUs do.</param>
    /// <param name="settings">Where the controllers are.</param>
    /// <param name="isMigratable">Whether the VM may leave its host.</param>
    /// <param name="perturbation">What the seed changes of times.</param>
    public BoundaryBench(string guest = "start:\n  idle\n  b start", MachineSettings? settings = null, bool isMigratable = false, Perturbation? perturbation = null)
    {
        Run = new GuestRun(guest, Vcpus, settings: settings, beside: Caller, isMigratable: isMigratable, perturbation: perturbation, until: VirtualTime.FromNanoseconds(1_000_000_000_000));
        Engine.Start();
        Wait();
    }

    public GuestRun Run { get; }

    public override Engine Engine => Run.Engine;
}
