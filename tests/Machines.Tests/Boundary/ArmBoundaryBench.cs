using System.Text;
using Trapline.Actors.Arm;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Kvm;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>An ARM machine that its VMM has made, with a second program that makes calls on it. Its first vCPU runs; the others are switched off.</summary>
internal sealed class ArmBoundaryBench : CallBench
{
    public const int Vcpus = 3;

    /// <summary>A guest that sets up its GIC and ITS, asks for event 0 of the device 8, and for SPI 72 by level, and sleeps.</summary>
    public const string Driver = """
        .include "arm/arm64.inc.guest"
        .include "arm/exception.inc.guest"
        .include "arm/hotplug.inc.guest"
        .include "arm/devices.inc.guest"

        EXCEPTION_HANDLER handle_ipi, handle_timer, generic_handle_irq
        start:
            STACK_INIT
            call boot_cpu_init
            call msi_device_init
            li   a1, 0
            li   a2, MSI_TABLE
            la   a3, handle_message
            ld.d a0, [msi_its_device]
            li   a4, 0
            call irq_request_message
            li   a0, 72
            la   a1, handle_level
            li   a2, 0
            li   a3, 0
            call irq_request_spi
        .rest:
            IDLE
            b    .rest
        handle_message:
            count messages
            ret
        handle_level:
            count levels
            ret
        handle_ipi:
        handle_timer:
            ret
        """;

    /// <summary>A guest that sleeps and does nothing else.</summary>
    public const string Sleeper = "start:\n  wfi\n  b start";

    private const string Main = "test.guest";

    private readonly GuestProgram _program;

    public ArmBoundaryBench(string guest = Sleeper, bool isMigratable = false, int? interrupts = null)
    {
        _program = Assemble(guest);
        var machine = ArmVirt.Build(new MachineRequest
        {
            Vcpus = Vcpus,
            Profile = GicProfiles.Kvm,
            Program = _program,
            Costs = Costs(),
            Seed = 1,
            Limits = new SimulationLimits(),
            Settings = new MachineSettings { Interrupts = interrupts },
        });
        var plan = new SimulationPlan([new GroupPlan("beside", 0, [Caller.Address], () => [Caller]), .. machine.Groups], machine.Paths, 1, machine.Limits) { IsMigratable = isMigratable };
        Engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
        Engine.StopBefore(VirtualTime.FromNanoseconds(1_000_000_000_000));
        Engine.Start();
        Wait();
    }

    public override Engine Engine { get; }

    public ArmVcpu this[int vcpu] => Engine.Groups.SelectMany(group => group.Actors).OfType<ArmVcpu>().Single(each => each.Address.Index == vcpu);

    /// <summary>KVM_SIGNAL_MSI.</summary>
    public long Signal(KvmMessage message)
    {
        var words = Actors.Boundary.IoctlMessage.Signal(in message, 1);
        return Call(new ActorAddress(0, ActorRole.Boundary, 0), words.Word0, words.Word1, 0, words.Word3).Result;
    }

    public long Counter(string name) => this[0].Statistics.Counters[_program.Counters.ToList().IndexOf(name)];

    /// <summary>KVM_RUN of all vCPUs returns.</summary>
    public void Stop()
    {
        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            Assert.Equal(MessageKind.RunStopped, Assert.Single(Post(new ActorAddress(0, ActorRole.Vcpu, vcpu), MessageKind.StopRun)).Kind);
        }
    }

    public void Run()
    {
        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            Assert.Equal(0, Vm(KvmIoctl.Run, (ulong)vcpu).Result);
        }
    }

    private static CostProfile Costs()
    {
        var costs = GuestRun.PathLatency(100);
        var command = VirtualTime.FromNanoseconds(300);
        return costs with
        {
            Architecture = GuestArchitecture.Arm,
            Costs = [.. costs.Costs, new Cost(CostNames.ItsCommand, "Q", command, command, command, CostBasis.Assumed, "a test")],
        };
    }

    private static GuestProgram Assemble(string source)
    {
        var library = Repository.PathOf("scenarios", "guests", "lib");
        var result = GuestAssembler.Assemble(Path.Combine(library, Main), new AssemblyOptions { VcpuCount = Vcpus }, new WithMain(".arch arm\n" + source));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    /// <summary>A main file that is not on disk, beside the library, which is.</summary>
    private sealed class WithMain(string text) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            return Path.GetFileName(path) == Main ? Encoding.UTF8.GetBytes(text) : _files.Read(path, maxBytes, out problem);
        }
    }
}
