using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Kernel;

/// <summary>
/// Processes that send to drawn targets: some in their own group at once, some in others, and arm timers in between.
/// Everything that the kernel orders occurs, many times at one instant.
/// </summary>
internal sealed class SyntheticLoad
{
    public const MessageKind Ball = MessageKind.Synthetic;
    public static readonly VirtualTime Latency = VirtualTime.FromNanoseconds(10);

    public required int Groups { get; init; }

    public int ProcessesOfGroup { get; init; } = 2;

    public ulong Seed { get; init; } = 1;

    public VirtualTime Jitter { get; init; }

    public bool Unordered { get; init; }

    public SimulationLimits Limits { get; init; } = new();

    /// <summary>Loses the n-th ball that the first process is given.</summary>
    public int DropAt { get; init; } = -1;

    public SimulationPlan Build()
    {
        var groups = Enumerable.Range(0, Groups).Select(Plan).ToArray();
        return new SimulationPlan(groups, new PathTable(["load"], (_, _) => new PathTable.Path(Latency, Jitter, Unordered)), Seed, Limits);
    }

    /// <summary>Runs on one node and returns the digest over all actors, in order of address.</summary>
    public (Digest128 Digest, long Windows) Run(VirtualTime until, int threads = 1, VirtualTime? window = null)
    {
        var plan = Build();
        using var engine = new Engine(plan, Placement.OneNode(Groups), 0, new EngineOptions { Threads = threads, Window = window });
        engine.StopBefore(until);
        engine.Start();
        engine.Run(VirtualTime.Never);
        return (DigestOf([engine]), engine.Windows);
    }

    public static Digest128 DigestOf(IEnumerable<Engine> engines)
    {
        var digest = Digest128.Empty;
        foreach (var actor in engines.SelectMany(engine => engine.Groups).SelectMany(group => group.Actors).OrderBy(actor => actor.Address))
        {
            digest.Absorb(DigestOf(actor));
        }

        return digest;
    }

    public static Digest128 DigestOf(Actor actor)
    {
        var hasher = new StateHasher();
        actor.SyncState(hasher);
        return hasher.Digest;
    }

    private GroupPlan Plan(int group)
    {
        var addresses = Enumerable.Range(0, ProcessesOfGroup)
            .Select(i => new ActorAddress(0, ActorRole.Process, (group * ProcessesOfGroup) + i))
            .ToArray();
        return new GroupPlan($"load{group}", 0, addresses, () => [.. addresses.Select(address => new Process(address, this))]);
    }

    internal sealed class Process(ActorAddress address, SyntheticLoad load) : Actor(address, timerCount: 1)
    {
        private ulong _draws;
        private ulong _sum;
        private int _balls;

        public ref ulong Sum => ref _sum;

        public override void Start() => ArmTimer(0, new VirtualTime((long)Draw(20_000)));

        protected override void Handle(in Message message)
        {
            if (message.Kind == Ball && Address.Index == 0 && _balls++ == load.DropAt)
            {
                return;
            }

            _sum = (_sum * 31) + message.Word0;
            var target = new ActorAddress(0, ActorRole.Process, (int)Draw((ulong)(load.Groups * load.ProcessesOfGroup)));
            if (message.Kind == MessageKind.Timer || message.Word1 < 3)
            {
                var hops = message.Kind == MessageKind.Timer ? 0 : message.Word1 + 1;
                if (load.Unordered)
                {
                    SendAfter(Latency + new VirtualTime((long)Draw(5_000)), target, Ball, _sum, hops);
                }
                else
                {
                    Send(target, Ball, _sum, hops);
                }
            }

            if (message.Kind == MessageKind.Timer)
            {
                ArmTimer(0, Now + new VirtualTime(1_000 * (1 + (long)Draw(8))));
            }
        }

        protected override void SyncRows(StateSync sync)
        {
            sync.Row("draws", ref _draws);
            sync.Row("sum", ref _sum);
            sync.Row("balls", ref _balls);
        }

        private ulong Draw(ulong bound) => CounterRandom.DrawBelow(bound, 77, Address, RandomPurpose.Synthetic, _draws++);
    }
}
