using System.Text;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>An ARM machine with a guest that a test wrote: assembled, run to its end, and open to questions.</summary>
internal sealed class ArmGuestRun : IDisposable
{
    private const string Main = "test.guest";

    /// <param name="source">The guest, without its first line; it includes files by their path from the folder of the library.</param>
    /// <param name="vcpus">Of the machine.</param>
    /// <param name="profile">Whose behaviour its GIC has.</param>
    /// <param name="rewrite">Applied to the text of the guest and of each file that it includes.</param>
    public ArmGuestRun(string source, int vcpus, GicProfile profile, Func<string, string> rewrite)
    {
        Program = Assemble(source, vcpus, rewrite);
        var plan = ArmVirt.Build(new MachineRequest
        {
            Vcpus = vcpus,
            Profile = profile,
            Settings = new MachineSettings(),
            Program = Program,
            Costs = LoadProfile(),
            Seed = 1,
            Limits = new SimulationLimits(),
        });
        Engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
        Engine.StopBefore(VirtualTime.FromNanoseconds(100_000_000));
    }

    public GuestProgram Program { get; }

    public Engine Engine { get; }

    public EndRequest? End => Engine.End;

    public ArmGuestRun ToEnd()
    {
        Engine.Start();
        Engine.Run(VirtualTime.Never);
        return this;
    }

    public MemoryActor SharedMemory() => Engine.Groups.Last().Actors.OfType<MemoryActor>().Single();

    public void Dispose() => Engine.Dispose();

    private static GuestProgram Assemble(string source, int vcpus, Func<string, string> rewrite)
    {
        var library = Repository.PathOf("scenarios", "guests", "lib", "arm");
        var result = GuestAssembler.Assemble(Path.Combine(library, Main), new AssemblyOptions { VcpuCount = vcpus }, new WithMain(".arch arm\n" + source, rewrite));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    private static CostProfile LoadProfile()
    {
        var loaded = CostProfileLoader.Load(Repository.PathOf("scenarios", "costs", "ampere-altra.yaml"));
        return loaded.Profile ?? throw new InvalidOperationException(string.Join('\n', loaded.Errors));
    }

    /// <summary>A main file that is not on disk, beside the library, which is.</summary>
    private sealed class WithMain(string text, Func<string, string> rewrite) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            var bytes = Path.GetFileName(path) == Main ? Encoding.UTF8.GetBytes(text) : _files.Read(path, maxBytes, out problem);
            return bytes is null ? null : Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(bytes)));
        }
    }
}
