using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>A machine that its VMM has made, with a second program that makes calls on it.</summary>
internal abstract class CallBench : IDisposable
{
    /// <summary>Rows of time, order and statistics that a call changes which fails too.</summary>
    private static readonly string[] Bookkeeping = ["sequence", "handled", "digest", "paidUntil", "freeAt", "due", "timer", "wait", "since", "serving.", "word", "operation.", "settled"];

    private static readonly string[] Kernel = ["sequence", "handled", "jitterDraws", "digest", "timer[", "lastDue"];

    private static readonly ActorRole[] Watched =
        [ActorRole.Boundary, ActorRole.Vcpu, ActorRole.Ipi, ActorRole.Eiointc, ActorRole.PchPic, ActorRole.Gic, ActorRole.Eventfd];

    private long _now = 100_000;

    public abstract Engine Engine { get; }

    /// <summary>The second program.</summary>
    protected Caller Caller { get; } = new();

    public void Dispose() => Engine.Dispose();

    /// <summary>Lets 10 us go by.</summary>
    public void Wait() => Wait(10_000);

    public void Wait(long nanoseconds)
    {
        _now += nanoseconds;
        Engine.Run(VirtualTime.FromNanoseconds(_now));
    }

    public (long Result, ulong Value) Vm(KvmIoctl ioctl, ulong first = 0, ulong second = 0, ulong third = 0, uint upper = 0) =>
        Call(new ActorAddress(0, ActorRole.Boundary, 0), IoctlMessage.Head(ioctl, upper), first, second, third);

    public (long Result, ulong Value) Device(DeviceFile device, KvmIoctl ioctl, uint group, ulong attribute, ulong value = 0, ulong bytes = 8) =>
        Call(new ActorAddress(0, ActorRole.Boundary, 0), IoctlMessage.Head(ioctl, group, device), attribute, value, bytes);

    public (long Result, ulong Value) Vcpu(int vcpu, KvmIoctl ioctl, ulong first = 0, ulong second = 0) =>
        Call(new ActorAddress(0, ActorRole.Vcpu, vcpu), IoctlMessage.Head(ioctl), first, second, 0);

    /// <summary>KVM_SET_GSI_ROUTING.</summary>
    public long Route(params GsiRoute[] entries)
    {
        var boundary = new ActorAddress(0, ActorRole.Boundary, 0);
        var messages = entries.Select(entry =>
        {
            var (word0, word1, word2, word3) = IoctlMessage.Entry(in entry);
            return (boundary, MessageKind.RoutingEntry, new ulong[] { word0, word1, word2, word3 });
        });
        return Make([.. messages, (boundary, MessageKind.Ioctl, [IoctlMessage.Head(KvmIoctl.SetGsiRouting), (ulong)entries.Length, 0, 0])]).Result;
    }

    public void WriteEventfd(int eventfd, ulong value = 1) =>
        Make([(new ActorAddress(0, ActorRole.Eventfd, eventfd), MessageKind.EventfdWrite, [value, 1, 0, 0])]);

    public (long Result, ulong Value) Call(ActorAddress file, ulong word0, ulong word1, ulong word2, ulong word3) =>
        Make([(file, MessageKind.Ioctl, [word0, word1, word2, word3])]);

    /// <summary>Sends a message that is no call, waits, and gives what came back since the last time.</summary>
    public IReadOnlyList<Message> Post(ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Caller.Make((target, kind, [word0, word1, word2, word3]));
        Wait();
        return Notices();
    }

    /// <summary>What came since the last time without being the answer to a call.</summary>
    public IReadOnlyList<Message> Notices()
    {
        var notices = Caller.Notices.ToArray();
        Caller.Notices.Clear();
        return notices;
    }

    /// <summary>The raw rows of an actor, without those of the kernel and what its names begin with.</summary>
    public IReadOnlyList<KeyValuePair<string, ulong>> Rows(ActorAddress actor, params string[] without) =>
        [.. AllRows(actor).Where(row => !Kernel.Concat(without).Any(name => row.Key.StartsWith(name, StringComparison.Ordinal)))];

    /// <summary>The raw rows of an actor.</summary>
    public IEnumerable<KeyValuePair<string, ulong>> AllRows(ActorAddress actor)
    {
        var lister = new StateLister();
        Engine.Groups.SelectMany(group => group.Actors).Single(each => each.Address == actor).SyncState(lister);
        return lister.Rows.Select(row => KeyValuePair.Create(row.Key[(actor.ToString().Length + 1)..], row.Value));
    }

    /// <summary>All that the boundary, the controllers, the eventfds and the vCPUs are, but for bookkeeping.</summary>
    public IReadOnlyList<KeyValuePair<string, ulong>> State()
    {
        var rows = new List<KeyValuePair<string, ulong>>();
        foreach (var actor in Engine.Groups.SelectMany(group => group.Actors).Where(actor => Watched.Contains(actor.Address.Role)))
        {
            var lister = new StateLister();
            actor.SyncState(lister);
            rows.AddRange(lister.Rows.Where(row => !Bookkeeping.Any(name => row.Key.Contains(name, StringComparison.OrdinalIgnoreCase))));
        }

        return rows;
    }

    private (long Result, ulong Value) Make((ActorAddress File, MessageKind Kind, ulong[] Words)[] messages)
    {
        var before = Caller.Answers.Count;
        Caller.Make(messages);
        Wait();
        Assert.Equal(before + 1, Caller.Answers.Count);
        return Caller.Answers[^1];
    }
}
