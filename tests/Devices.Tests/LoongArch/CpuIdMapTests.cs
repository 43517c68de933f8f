using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of the physical-id map, as merged in Linux. A, B, C are vCPUs 0, 1, 2.</summary>
public sealed class CpuIdMapTests
{
    private const int A = 0;
    private const int B = 1;
    private const int C = 2;

    private readonly CpuIdMap _map = new(3);

    [Fact]
    public void Y1_an_id_is_given()
    {
        Assert.Equal(256ul, _map.IdOf(A));
        Assert.Equal(0, _map.TryAssign(A, 5));
        Assert.Equal(A, _map.Find(5));
        Assert.Equal(5ul, _map.IdOf(A));
    }

    [Fact]
    public void Y2_the_same_id_again_is_accepted()
    {
        Y1_an_id_is_given();
        Assert.Equal(0, _map.TryAssign(A, 5));
        Assert.Equal(A, _map.Find(5));
    }

    [Fact]
    public void Y3_an_id_never_changes()
    {
        Y1_an_id_is_given();
        Assert.Equal(Errno.InvalidArgument, _map.TryAssign(A, 6));
        Assert.Equal(A, _map.Find(5));
        Assert.Equal(CpuIdMap.None, _map.Find(6));
    }

    [Fact]
    public void Y4_two_vcpus_do_not_share_an_id()
    {
        Y1_an_id_is_given();
        Assert.Equal(Errno.InvalidArgument, _map.TryAssign(B, 5));
        Assert.Equal(A, _map.Find(5));
        Assert.Equal(256ul, _map.IdOf(B));
    }

    [Fact]
    public void Y5_256_is_no_id() => Assert.Equal(Errno.InvalidArgument, _map.TryAssign(B, 256));

    [Fact]
    public void Y6_a_negative_number_is_no_id() => Assert.Equal(Errno.InvalidArgument, _map.TryAssign(B, 0xFFFFFFFFFFFFFFFF));

    [Fact]
    public void Y7_255_is_the_last_id()
    {
        Assert.Equal(0, _map.TryAssign(B, 255));
        Assert.Equal(B, _map.Find(255));
    }

    [Fact]
    public void Y8_the_id_of_a_destroyed_vcpu_is_free()
    {
        Y1_an_id_is_given();
        _map.Drop(A);
        Assert.Equal(CpuIdMap.None, _map.Find(5));
        Assert.Equal(256ul, _map.IdOf(A));
        Assert.Equal(0, _map.TryAssign(C, 5));
        Assert.Equal(C, _map.Find(5));
    }

    [Fact]
    public void Y9_a_negative_id_finds_nothing()
    {
        // Ids whose low bits are those of -1 and of int.MinValue.
        Assert.Equal(0, _map.TryAssign(A, 255));
        Assert.Equal(0, _map.TryAssign(B, 0));
        Assert.Equal(CpuIdMap.None, _map.Find(-1));
        Assert.Equal(CpuIdMap.None, _map.Find(int.MinValue));
    }

    [Fact]
    public void Y10_an_id_past_the_last_finds_nothing()
    {
        Assert.Equal(0, _map.TryAssign(A, 0));
        Assert.Equal(CpuIdMap.None, _map.Find(256));
    }

    [Fact]
    public void Y11_an_id_that_was_never_given_finds_nothing() => Assert.Equal(CpuIdMap.None, _map.Find(4));

    [Fact]
    public void Dropping_a_vcpu_without_an_id_changes_nothing()
    {
        Y1_an_id_is_given();
        _map.Drop(B);
        Assert.Equal(A, _map.Find(5));
    }

    [Fact]
    public void A_vcpu_outside_the_map_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _map.TryAssign(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _map.Drop(-1));
    }

    [Fact]
    public void Saved_ids_find_their_vcpus_after_loading()
    {
        Assert.Equal(0, _map.TryAssign(B, 7));
        var loaded = new CpuIdMap(3);
        Assert.Equal(0, loaded.TryAssign(A, 9));
        RawState.Copy(_map.SyncState, loaded.SyncState);
        Assert.Equal(B, loaded.Find(7));
        Assert.Equal(CpuIdMap.None, loaded.Find(9));
        Assert.Equal(["CPUID[0]", "CPUID[1]", "CPUID[2]"], RawState.Names(loaded.SyncState));
    }

    [Theory]
    [InlineData(257, 256)]
    [InlineData(4, 4)]
    public void A_map_that_no_machine_can_have_is_refused(ulong first, ulong second)
    {
        var writer = new StateWriter();
        writer.Row("CPUID", [first, second, 256]);
        Assert.Throws<StateFormatException>(() => RawState.Load(_map.SyncState, writer.Written.ToArray()));
    }
}
