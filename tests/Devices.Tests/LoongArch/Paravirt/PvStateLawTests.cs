using Trapline.Devices.LoongArch.Paravirt;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>Raw rows out of one and into another: both go on alike.</summary>
public sealed class PvStateLawTests
{
    [Fact]
    public void Hypercalls_features_words_and_steal_time_go_on_alike() => Step.CheckAll(steps =>
    {
        var (bench, other) = (New(), New());
        for (var i = 0; i < steps.Length; i++)
        {
            if (i == steps.Length / 2)
            {
                foreach (var (from, to) in Parts(bench).Zip(Parts(other)))
                {
                    RawState.Copy(from, to);
                }
            }

            var found = Act(bench, steps[i]);
            if (i >= steps.Length / 2)
            {
                Assert.Equal(found, Act(other, steps[i]));
            }
        }
    });

    [Fact]
    public void The_rest_of_the_targets_goes_on_alike() => Step.CheckAll(steps =>
    {
        foreach (var step in steps)
        {
            var targets = new IpiTargets(new HypercallArguments(1, step.Value, ~step.Value, (ulong)step.Place, 0, 0), (SecondBitmap)(step.Action % 3));
            for (var i = 0; i < step.Action % 130; i++)
            {
                targets.TryTake(out _);
            }

            IpiTargets other = default;
            var saved = RawState.Save(sync => targets.SyncState(sync));
            RawState.Load(sync => other.SyncState(sync), saved);
            bool more;
            do
            {
                more = targets.TryTake(out var cpuId);
                Assert.Equal(more, other.TryTake(out var same));
                Assert.Equal(cpuId, same);
            }
            while (more);
        }
    });

    [Fact]
    public void Rows_have_names_of_their_own()
    {
        var names = Parts(New()).SelectMany(RawState.Names).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("hypercall_exits", names);
    }

    private static PvBench New() => new(ParavirtProfiles.Final, [0, 1]);

    private static IEnumerable<Action<Messages.State.StateSync>> Parts(PvBench bench) =>
        [bench.Features.SyncState, bench.Words.SyncState, bench.Hypercalls.SyncState, bench.StealTimes[0].SyncState];

    private static (HypercallEffect, ulong, ulong, ulong, ulong, bool) Act(PvBench bench, Step step)
    {
        var effect = HypercallEffect.Return;
        ulong value = 0;
        switch (step.Action % 5)
        {
            case 0:
                effect = bench.Call(0x100 + (step.Place % 4), step.Value % 4, step.Value, step.Value << 6);
                value = bench.Arguments[0];
                break;
            case 1:
                effect = bench.Call(0x100, 2, 4, (step.Value << 6) | (step.Value & 3));
                value = bench.Arguments[0];
                break;
            case 2:
                value = bench.Configuration(step.Place % 3 == 0 ? 0x4000_0004 : step.Value);
                break;
            case 3:
                value = (ulong)bench.SetFeatures(step.Place & 1, step.Value & 0x0300_000F);
                break;
            default:
                bench.Hypercalls.Debugging = step.Place % 2 == 0;
                bench.StealTimes[0].RequestUpdate();
                break;
        }

        return (effect, value, bench.Hypercalls.Exits, bench.Words.Exits, bench.StealTimes[0].Address, bench.StealTimes[0].UpdateWanted);
    }
}
