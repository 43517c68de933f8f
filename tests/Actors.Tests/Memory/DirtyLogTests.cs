using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Memory;

/// <summary>Homes of pages that note what is written, and send it to themselves on another host.</summary>
public sealed class DirtyLogTests : IDisposable
{
    private const ulong Area = 0x400_0000;
    private const ulong Page = GuestMemory.PageBytes;
    private const ulong Shared = 0x100_0000;

    private static readonly ActorAddress Board = new(0, ActorRole.Memory, 1);
    private static readonly ActorAddress OtherBoard = new(1, ActorRole.Memory, 1);
    private static readonly ActorAddress Own = new(0, ActorRole.Memory, 0);
    private static readonly ActorAddress OtherOwn = new(1, ActorRole.Memory, 0);

    private readonly MemoryBudget _budget = new(1 << 24);
    private readonly GuestMemory _own;
    private readonly GuestMemory _otherOwn;
    private readonly GuestMemory _board;
    private readonly GuestMemory _otherBoard;
    private readonly Vmm _vmm = new();
    private readonly Engine _engine;
    private long _now = 1_000;

    public DirtyLogTests()
    {
        _own = new GuestMemory(GuestLayout.LoongArch, Area, GuestLayout.PerCpuStride, _budget);
        _otherOwn = new GuestMemory(GuestLayout.LoongArch, Area, GuestLayout.PerCpuStride, _budget);
        _board = new GuestMemory(GuestLayout.LoongArch, Shared, 0, _budget);
        _otherBoard = new GuestMemory(GuestLayout.LoongArch, Shared, 0, _budget);
        MemoryActor[] homes = [new(Own, _own, 1), new(Board, _board, 1), new(OtherOwn, _otherOwn, 1), new(OtherBoard, _otherBoard, 1)];
        var plan = new SimulationPlan(
            [new GroupPlan("vmm", 0, [_vmm.Address], () => [_vmm]), .. homes.Select(home => new GroupPlan($"{home.Address}", 0, [home.Address], () => [home]))],
            new PathTable(["all"], (_, _) => new PathTable.Path(new VirtualTime(100))), 1, new SimulationLimits())
        {
            IsMigratable = true,
        };
        _engine = new Engine(plan, Placement.OneNode(5), 0, new EngineOptions());
        _engine.Start();
        _engine.StopBefore(new VirtualTime(1_000_000_000));
    }

    public static TheoryData<MemoryOperation> Writing => [.. Enum.GetValues<MemoryOperation>().Where(operation => operation != MemoryOperation.Read)];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Writing))]
    public void Every_write_makes_its_page_dirty_and_a_read_none(MemoryOperation operation)
    {
        foreach (var (home, memory, address) in new[] { (Own, _own, Area + Page + 8), (Board, _board, Shared + (5 * Page)) })
        {
            Assert.Equal((0UL, 0UL, 1UL), Log(home, 1));
            Access(home, MemoryOperation.Read, address);
            Assert.Empty(memory.DirtyPages);
            Access(home, operation, address);
            Assert.Equal([address / Page], memory.DirtyPages);
        }
    }

    [Fact]
    public void A_swap_that_does_not_happen_writes_nothing()
    {
        Log(Own, 1);
        _own.Access(MemoryOperation.CompareSwap, Area, AccessWidth.Double, 1, 7);
        Assert.Empty(_own.DirtyPages);
    }

    [Fact]
    public void Without_a_log_nothing_is_noted_and_it_begins_with_all_that_was_touched()
    {
        _own.Write(Area, AccessWidth.Byte, 1);
        _own.Load(Area + (3 * Page), [0, 1]);
        Assert.Empty(_own.DirtyPages);
        _own.Write(Area + (2 * Page), AccessWidth.Byte, 0);
        Assert.Equal((2UL, 1UL, 1UL), Log(Own, 1));
        Assert.Equal([Area / Page, (Area / Page) + 2, (Area / Page) + 3], _own.DirtyPages);
        Assert.Equal((2UL, 1UL, 3UL), Log(Own, 3));
        _own.Load(Area + (4 * Page), [5]);
        Assert.Equal((3UL, 1UL, 3UL), Log(Own, 3));
        Log(Own, 0);
        Assert.Empty(_own.DirtyPages);
        _own.Write(Area, AccessWidth.Byte, 2);
        Assert.Equal((0UL, 0UL, 3UL), Log(Own, 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pages_arrive_as_they_are_and_are_clean_then(bool near)
    {
        var (home, other, memory, copy, start) = near ? (Own, OtherOwn, _own, _otherOwn, Area) : (Board, OtherBoard, _board, _otherBoard, Shared);
        Log(home, 1);
        foreach (var offset in new ulong[] { 0, 8, 32, Page - 8, (2 * Page) - 16, 3 * Page, (4 * Page) + 24 })
        {
            memory.Write(start + offset, AccessWidth.Double, offset + 1);
        }

        memory.Write(start + (3 * Page), AccessWidth.Double, 0);
        copy.Write(start + 16, AccessWidth.Double, 99);
        copy.Write(start + (3 * Page) + 8, AccessWidth.Double, 99);
        Assert.Equal((3UL, 1UL, 2UL), Log(home, 2, other));
        Wait();
        AssertSame(memory, copy, start, 5);
        Assert.Equal((0UL, 0UL, 3UL), Log(home, 3));

        memory.Write(start + 8, AccessWidth.Double, 0);
        Assert.Equal((1UL, 0UL, 2UL), Log(home, 2, other));
        Wait();
        AssertSame(memory, copy, start, 5);
    }

    [Fact]
    public void What_holds_nothing_does_not_travel_and_is_not_touched()
    {
        Log(Own, 1);
        _own.Write(Area, AccessWidth.Double, 0);
        var taken = _budget.Taken;
        Assert.Equal((0UL, 1UL, 2UL), Log(Own, 2, OtherOwn));
        Wait();
        Assert.Equal(taken, _budget.Taken);
    }

    [Fact]
    public void Forgotten_pages_are_given_back_with_their_watches()
    {
        _own.Write(Area, AccessWidth.Double, 5);
        _vmm.Post(Own, MessageKind.MemoryWatch, Area, 3, 5, 1);
        Wait();
        Log(Own, 1);
        Assert.Equal(4UL, Log(Own, 4).Call);
        Assert.Equal((0L, 0UL), (_budget.Taken, _own.Read(Area, AccessWidth.Double)));
        Access(Own, MemoryOperation.Write, Area);
        Assert.Empty(_vmm.Changes);
        Assert.Empty(_own.DirtyPages);
    }

    [Theory]
    [InlineData(Area + 4, 0, 0, "misaligned")]
    [InlineData(Shared, 0, 0, "of the board")]
    [InlineData(0x800_0000UL, 0, 0, "beyond the end of memory")]
    [InlineData(Area + Page - 8, 1, 0, "over the page's end")]
    [InlineData(Area + Page - 16, 0, 1, "over the page's end")]
    public void Words_that_no_home_would_send_are_refused(ulong address, ulong second, ulong third, string why)
    {
        _vmm.Post(Own, MessageKind.PageWords, address, 1, second, third);
        var failure = Assert.Throws<SimulationException>(Wait);
        Assert.True(failure.Message.Contains("words of a page", StringComparison.Ordinal), why);
    }

    [Fact]
    public void Pages_go_to_the_same_home_alone()
    {
        _vmm.Post(Own, MessageKind.DirtyLog, 2, OtherBoard.Value, 0, 0);
        Assert.Throws<SimulationException>(Wait);
    }

    [Fact]
    public void The_log_goes_out_and_in()
    {
        Log(Own, 1);
        _own.Write(Area, AccessWidth.Byte, 1);
        Log(Own, 2, OtherOwn);
        _own.Write(Area + Page, AccessWidth.Byte, 1);
        var copy = new GuestMemory(GuestLayout.LoongArch, Area, GuestLayout.PerCpuStride, _budget);
        StateWords.Copy(_own.SyncState, copy.SyncState);
        StateWords.Copy(_own.SyncLog, copy.SyncLog);
        Assert.True(copy.IsLogging);
        Assert.Equal([(Area / Page) + 1], copy.DirtyPages);
        Assert.Throws<StateFormatException>(() => StateWords.Load([1, 1, (Area / Page) + 7], copy.SyncLog));
        Assert.Throws<StateFormatException>(() => StateWords.Load([0, 1, Area / Page], copy.SyncLog));
        Assert.Throws<StateFormatException>(() => StateWords.Load([0, ulong.MaxValue], copy.SyncLog));
    }

    private static void AssertSame(GuestMemory memory, GuestMemory copy, ulong start, ulong pages)
    {
        for (var address = start; address < start + (pages * Page); address += 8)
        {
            Assert.Equal(memory.Read(address, AccessWidth.Double), copy.Read(address, AccessWidth.Double));
        }
    }

    private void Wait()
    {
        _now += 1_000;
        _engine.Run(new VirtualTime(_now));
    }

    private void Access(ActorAddress home, MemoryOperation operation, ulong address)
    {
        _vmm.Post(home, MessageKind.MemoryAccess, address, MemoryActor.Encode(operation, AccessWidth.Double), 3, 0);
        Wait();
    }

    private (ulong Pages, ulong ZeroPages, ulong Call) Log(ActorAddress home, ulong call, ActorAddress target = default)
    {
        _vmm.Post(home, MessageKind.DirtyLog, call, target.Value, 0, 0);
        Wait();
        var answer = _vmm.Answer ?? throw new InvalidOperationException("no answer came");
        return (answer.Word0, answer.Word1, answer.Word2);
    }

    private sealed class Vmm() : Actor(new ActorAddress(0, ActorRole.Vmm, 0), timerCount: 1)
    {
        private readonly Queue<(ActorAddress Target, MessageKind Kind, ulong[] Words)> _posts = new();

        public Message? Answer { get; private set; }

        public List<Message> Changes { get; } = [];

        public void Post(ActorAddress target, MessageKind kind, params ulong[] words) => _posts.Enqueue((target, kind, words));

        public override void Start() => ArmTimer(0, new VirtualTime(500));

        protected override void Handle(in Message message)
        {
            switch (message.Kind)
            {
                case MessageKind.Timer:
                    ArmTimer(0, Now + new VirtualTime(500));
                    while (_posts.TryDequeue(out var post))
                    {
                        Send(post.Target, post.Kind, post.Words[0], post.Words[1], post.Words[2], post.Words[3]);
                    }

                    break;
                case MessageKind.DirtyPages:
                    Answer = message;
                    break;
                case MessageKind.MemoryChanged:
                    Changes.Add(message);
                    break;
                default:
                    break;
            }
        }

        protected override void SyncRows(StateSync sync)
        {
        }
    }
}
