using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>Whatever guests do to an ARM machine: it goes on, nothing is lost or invented, and the length of windows changes nothing.</summary>
public sealed class ArmRandomGuestTests
{
    private const int Seeds = 60;

    private static readonly VirtualTime End = VirtualTime.FromNanoseconds(2_000_000);

    [Fact]
    public void No_guest_stops_the_machine_or_breaks_an_invariant()
    {
        var (irqs, fiqs, faults, lpis, spis, exits) = (0L, 0L, 0L, 0L, 0L, 0);
        var wrong = new List<string>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var vcpus = 2 + (seed % 4);
            using var run = New(seed, vcpus, new EngineOptions { Invariants = true }).ToEnd();
            exits += run.End?.Reason == EndReason.Exit ? 1 : 0;
            wrong.AddRange(run.Engine.Groups.SelectMany(group => group.Observer?.Violations ?? []).Select(violation => $"seed {seed}: {violation}"));
            for (var vcpu = 0; vcpu < vcpus; vcpu++)
            {
                var statistics = run.ArmVcpu(vcpu).Statistics;
                irqs += statistics.Counters[run.Program.Counters.ToList().IndexOf("irqs")];
                fiqs += statistics.Counters[run.Program.Counters.ToList().IndexOf("fiqs")];
                faults += statistics.Counters[run.Program.Counters.ToList().IndexOf("faults")];
                lpis += statistics.Taken[InterruptClasses.Lpi];
                spis += statistics.Taken[InterruptClasses.Spi];
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10)));
        Assert.True(irqs > 500 && fiqs > 20 && faults > 500 && lpis > 30 && spis > 10 && exits > 10, $"{irqs} IRQs, {fiqs} FIQs, {faults} faults, {lpis} LPIs, {spis} SPIs, {exits} exits");
    }

    [Fact]
    public void The_length_of_windows_and_the_number_of_threads_change_no_digest()
    {
        for (var seed = 1; seed <= 15; seed++)
        {
            using var longest = New(seed, 3, new EngineOptions()).ToEnd();
            using var odd = New(seed, 3, new EngineOptions { Window = VirtualTime.FromNanoseconds(7) }).ToEnd();
            using var threads = New(seed, 3, new EngineOptions { Threads = 3 }).ToEnd();
            Assert.Equal((seed, longest.Digest(), longest.Digest()), (seed, odd.Digest(), threads.Digest()));
        }
    }

    private static GuestRun New(int seed, int vcpus, EngineOptions options) =>
        new(new ArmRandomGuest(seed, vcpus).Build(), vcpus, seed: (ulong)seed, options: options, until: End);
}
