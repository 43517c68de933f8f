using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>Y12 to Y14 of the map of physical ids; Y1 to Y11, which are Linux's, are in <see cref="CpuIdMapTests"/>.</summary>
public sealed class PvCpuIdVectorTests
{
    private const int A = 0;
    private const int B = 1;

    private readonly CpuIdMap _map = new(2, ParavirtProfiles.V6.MapReadsWrongRegister);

    [Fact]
    public void Y12_in_V6_a_vcpu_gets_a_second_id()
    {
        Assert.Equal(0, _map.TryAssign(A, 5));
        Assert.Equal(0, _map.TryAssign(A, 7));
        Assert.Equal((A, A), (_map.Find(5), _map.Find(7)));
    }

    [Fact]
    public void Y13_in_V6_to_ask_for_0_where_it_is_taken_succeeds_and_gives_nothing()
    {
        Assert.Equal(0, _map.TryAssign(A, 0));
        Assert.Equal(0, _map.TryAssign(B, 0));
        Assert.Equal(A, _map.Find(0));
        Assert.DoesNotContain(B, Enumerable.Range(0, 256).Select(_map.Find));
    }

    [Fact]
    public void Y14_user_space_cannot_inject_SWI0() =>
        Assert.Equal(Errno.InvalidArgument, new PvBench(ParavirtProfiles.Final, [0]).Uapi[0].Interrupt(0));

    [Fact]
    public void V6_refuses_another_vcpus_id_and_one_that_is_none()
    {
        Assert.Equal(0, _map.TryAssign(A, 9));
        Assert.Equal(Errno.InvalidArgument, _map.TryAssign(B, 9));
        Assert.Equal(Errno.InvalidArgument, _map.TryAssign(B, 256));
        Assert.Equal(0, _map.TryAssign(A, 9));
        Assert.Equal(0ul, _map.IdOf(B));
    }

    [Fact]
    public void V6_frees_slot_0_whoever_is_destroyed()
    {
        Assert.Equal(0, _map.TryAssign(A, 0));
        Assert.Equal(0, _map.TryAssign(B, 3));
        _map.Drop(B);
        Assert.Equal((CpuIdMap.None, B), (_map.Find(0), _map.Find(3)));
    }

    [Fact]
    public void Saved_slots_of_V6_come_back_and_foreign_ones_are_refused()
    {
        Assert.Equal(0, _map.TryAssign(A, 5));
        Assert.Equal(0, _map.TryAssign(A, 7));
        var loaded = new CpuIdMap(2, readsWrongRegister: true);
        RawState.Copy(_map.SyncState, loaded.SyncState);
        Assert.Equal((A, A), (loaded.Find(5), loaded.Find(7)));
        var one = new CpuIdMap(1, readsWrongRegister: true);
        var two = new CpuIdMap(2, readsWrongRegister: true);
        Assert.Equal(0, two.TryAssign(B, 5));
        var writer = new StateWriter();
        writer.Row("CPUID", [0ul]);
        var saved = RawState.Save(two.SyncState)[(2 * sizeof(ulong))..];
        Assert.Throws<StateFormatException>(() => RawState.Load(one.SyncState, [.. writer.Written.ToArray(), .. saved]));
    }
}
