using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>The numbered vectors T1 to T5 of NOTIFY, and the record that it is about.</summary>
public sealed class PvStealTimeVectorTests
{
    private const ulong Record = 0x9000_0041;

    private static PvBench Notified(ParavirtProfile profile, ulong a1, ulong a2, ulong result, bool hostAccounts = true)
    {
        var bench = new PvBench(profile, [0], hostAccounts);
        bench.Call(Hypercalls.ServiceCode, Hypercalls.FunctionNotify, a1, a2);
        Assert.Equal((result, 1ul), (bench.Arguments[0], bench.Hypercalls.Exits));
        return bench;
    }

    [Fact]
    public void T1_updates_start() => Assert.True(Notified(ParavirtProfiles.Final, 4, Record, 0).StealTimes[0].UpdateWanted);

    [Fact]
    public void T2_a_misaligned_record() =>
        Assert.False(Notified(ParavirtProfiles.Final, 4, 0x9000_0043, Hypercalls.InvalidParameter).StealTimes[0].UpdateWanted);

    [Fact]
    public void T3_updates_stop()
    {
        var bench = Notified(ParavirtProfiles.Final, 4, Record, 0);
        bench.Call(Hypercalls.ServiceCode, Hypercalls.FunctionNotify, 4, 0);
        Assert.Equal((0ul, false, 0ul), (bench.Arguments[0], bench.StealTimes[0].UpdateWanted, bench.StealTimes[0].Address));
        bench.StealTimes[0].RequestUpdate();
        Assert.False(bench.StealTimes[0].UpdateWanted);
    }

    [Fact]
    public void T4_of_anything_else_there_is_no_notice()
    {
        Assert.Equal(0ul, Notified(ParavirtProfiles.Final, 8, Record, Hypercalls.InvalidCode).StealTimes[0].Address);
        Assert.Equal(0ul, Notified(ParavirtProfiles.FirstMerged, 8, Record, 0).StealTimes[0].Address);
    }

    [Fact]
    public void T5_V6_does_not_know_it() => Notified(ParavirtProfiles.V6, 4, Record, Hypercalls.InvalidCode);

    [Fact]
    public void Without_accounting_in_the_host_there_is_none() =>
        Assert.Equal(0ul, Notified(ParavirtProfiles.Final, 4, Record, Hypercalls.InvalidCode, hostAccounts: false).StealTimes[0].Address);

    [Fact]
    public void The_record_grows_by_what_was_waited_since_it_was_given()
    {
        var (stealTime, memory) = (new StealTime(), new Memory());
        Assert.True(stealTime.TryRegister(Record, VirtualTime.FromNanoseconds(1_000)));
        stealTime.Update(memory, VirtualTime.FromNanoseconds(1_500), clearsPreempted: true);
        Assert.Equal((500ul, 2ul), (memory.Words[0x9000_0040], memory.Words[0x9000_0048]));
        Assert.False(stealTime.UpdateWanted);
        stealTime.RequestUpdate();
        stealTime.Update(memory, VirtualTime.FromNanoseconds(1_700), clearsPreempted: true);
        Assert.Equal((700ul, 4ul), (memory.Words[0x9000_0040], memory.Words[0x9000_0048]));
    }

    [Fact]
    public void The_version_is_odd_while_the_record_is_written_even_if_it_was_odd_before()
    {
        var (stealTime, memory) = (new StealTime(), new Memory());
        memory.Words[0x9000_0048] = 7;
        memory.Words[0x9000_0050] = 1;
        stealTime.TryRegister(Record);
        stealTime.Update(memory, VirtualTime.Zero, clearsPreempted: true);
        Assert.Equal([(0x9000_0050, 0), (0x9000_0048, 9), (0x9000_0040, 0), (0x9000_0048, 10)], memory.Written);
    }

    [Fact]
    public void Preemption_is_not_touched_where_the_guest_is_not_told_of_it()
    {
        var (stealTime, memory) = (new StealTime(), new Memory());
        stealTime.TryRegister(Record);
        stealTime.Update(memory, VirtualTime.Zero, clearsPreempted: false);
        Assert.DoesNotContain(memory.Written, write => write.Address == 0x9000_0050);
    }

    [Fact]
    public void A_bad_address_fails_silently()
    {
        var (stealTime, memory) = (new StealTime(), new Memory { End = 0x9000_0000 });
        stealTime.TryRegister(Record);
        stealTime.Update(memory, VirtualTime.FromNanoseconds(5), clearsPreempted: true);
        Assert.Empty(memory.Written);
        Assert.False(stealTime.UpdateWanted);
    }

    [Fact]
    public void User_space_reads_and_writes_the_address()
    {
        var bench = Notified(ParavirtProfiles.Final, 4, Record, 0);
        var attributes = bench.Attributes[0];
        var word = new byte[8];
        Assert.Equal(0, attributes.Has(VcpuAttributes.StealTimeGroup, 0));
        Assert.Equal(0, attributes.Get(VcpuAttributes.StealTimeGroup, 0, word));
        Assert.Equal(Record, BitConverter.ToUInt64(word));
        Assert.Equal(Errno.InvalidArgument, Set(attributes, 0x9000_0043));
        Assert.Equal(Errno.InvalidArgument, Set(attributes, PvBench.MemoryEnd | 1));
        Assert.Equal(Record, bench.StealTimes[0].Address);
        Assert.Equal(0, Set(attributes, 0x9000_0081));
        Assert.Equal(0x9000_0081ul, bench.StealTimes[0].Address);
        Assert.Equal(Errno.BadAddress, attributes.Set(VcpuAttributes.StealTimeGroup, 0, word.AsSpan(1)));
        var without = new PvBench(ParavirtProfiles.Final, [0], hostAccounts: false).Attributes[0];
        Assert.Equal(Errno.NoSuchAddress, Set(without, Record));
    }

    private static int Set(VcpuAttributes attributes, ulong address) =>
        attributes.Set(VcpuAttributes.StealTimeGroup, 0, BitConverter.GetBytes(address));

    private sealed class Memory : IStealTimeMemory
    {
        public Dictionary<ulong, ulong> Words { get; } = [];

        public List<(long Address, long Value)> Written { get; } = [];

        public ulong End { get; init; } = ulong.MaxValue;

        public bool TryRead(ulong address, int size, out ulong value)
        {
            value = Words.GetValueOrDefault(address);
            return address < End;
        }

        public void Write(ulong address, int size, ulong value)
        {
            Words[address] = value;
            Written.Add(((long)address, (long)value));
        }
    }
}
