using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Common;

/// <summary>Registers and rings as QEMU's docs/specs/ivshmem-spec.rst and hw/misc/ivshmem-pci.c have them.</summary>
public sealed class DoorbellDeviceTests : IDoorbellPeers
{
    private const ulong Address = 0x2FF00000;

    private readonly SourceBench _bench = new();
    private readonly List<(int Peer, int Vector)> _rung = [];
    private readonly DoorbellDevice _device;

    public DoorbellDeviceTests() => _device = NewDevice();

    [Theory]
    [InlineData(0x0000_0000u, 0, 0)]
    [InlineData(0x0002_0001u, 2, 1)]
    [InlineData(0x0003_0002u, 3, 2)]
    public void A_write_to_the_doorbell_rings_the_peer_above_at_the_vector_below(uint value, int peer, int vector)
    {
        Write(DoorbellRegisters.Doorbell, value);
        Assert.Equal([(peer, vector)], _rung);
        Assert.Empty(_bench.Reports);
    }

    [Theory]
    [InlineData(0x0004_0000u)]
    [InlineData(0xFFFF_0000u)]
    [InlineData(0x0000_0003u)]
    [InlineData(0x0001_FFFFu)]
    public void A_peer_or_a_vector_that_does_not_exist_is_ignored(uint value)
    {
        Write(DoorbellRegisters.Doorbell, value);
        Assert.Empty(_rung);
        Assert.Equal([ReportKind.Refused], _bench.Reports);
    }

    [Fact]
    public void Position_is_the_devices_own_number_and_is_not_written()
    {
        Write(DoorbellRegisters.Position, 7);
        Assert.Equal((2ul, 0ul), (Read(DoorbellRegisters.Position), Read(DoorbellRegisters.Doorbell)));
        Assert.Empty(_rung);
    }

    [Fact]
    public void Of_eight_bytes_at_position_the_upper_word_rings()
    {
        Assert.Equal(AccessOutcome.Done, _device.Write(DoorbellRegisters.Position, 8, 0x0001_0002_0000_0003));
        Assert.Equal([(1, 2)], _rung);
    }

    [Theory]
    [InlineData(0x0)]
    [InlineData(0x4)]
    [InlineData(0x10)]
    [InlineData(0x800)]
    [InlineData(0x1030)]
    public void Where_no_register_is_nothing_is_kept(int offset)
    {
        Write(offset, uint.MaxValue);
        Assert.Equal(0ul, Read(offset));
        Assert.Empty(_rung);
        Assert.Empty(_bench.Log);
    }

    [Theory]
    [InlineData(DoorbellRegisters.Doorbell, 2)]
    [InlineData(DoorbellRegisters.Doorbell + 1, 1)]
    [InlineData(0x1004, 8)]
    public void Accesses_that_are_no_aligned_words_fault(int offset, int size)
    {
        Assert.Equal(AccessOutcome.Fault, _device.Write((ulong)offset, size, 1));
        Assert.Equal(AccessOutcome.Fault, _device.Read((ulong)offset, size, out _));
        Assert.Empty(_rung);
    }

    [Fact]
    public void A_ring_is_one_message_of_the_vectors_entry()
    {
        Open(1, 70);
        Assert.True(_device.Signal(1));
        Assert.Empty(_bench.Log);
        _device.Notify(1);
        Assert.Equal(["0ps queue 1 0x2ff00000 = 0x46"], _bench.Log);
        Assert.Equal(0, _device.Signalled);
    }

    [Fact]
    public void Rings_that_come_before_the_eventfd_is_read_are_one()
    {
        Open(0, 70);
        Assert.True(_device.Signal(0));
        Assert.False(_device.Signal(0));
        Assert.True(_device.Signal(2));
        Assert.Equal(2, _device.Signalled);
        _device.Notify(0);
        Assert.Single(_bench.Log);
        Assert.True(_device.Signal(0));
        Assert.Equal([ReportKind.Coalesced, ReportKind.Raised], _bench.Reports);
    }

    [Fact]
    public void Behind_the_mask_one_ring_waits_and_leaves_when_it_is_taken_away()
    {
        for (var ring = 0; ring < 3; ring++)
        {
            Assert.True(_device.Signal(2));
            _device.Notify(2);
        }

        Assert.Equal((4ul, 1), (Read(DoorbellRegisters.PendingBits), _device.Masked));
        Assert.Equal([ReportKind.Masked, ReportKind.Coalesced, ReportKind.Coalesced], _bench.Reports);
        Open(2, 71);
        Assert.Equal(["0ps queue 2 0x2ff00000 = 0x47"], _bench.Log);
        Assert.Equal((0ul, 0), (Read(DoorbellRegisters.PendingBits), _device.Masked));
    }

    [Fact]
    public void State_goes_out_and_into_a_fresh_device()
    {
        Open(0, 70);
        _device.Signal(0);
        _device.Signal(1);
        _device.Notify(1);
        var writer = new StateWriter();
        _device.SyncState(writer);
        var copy = NewDevice();
        copy.SyncState(new StateReader(writer.Written.ToArray()));
        Assert.Equal((1, 1), (copy.Signalled, copy.Masked));
        Assert.False(copy.Signal(0));
        copy.Notify(0);
        Assert.Equal(["0ps queue 0 0x2ff00000 = 0x46"], _bench.Log);
    }

    [Fact]
    public void State_of_vectors_that_do_not_exist_is_refused()
    {
        var writer = new StateWriter();
        new DoorbellDevice(_bench, _bench, this, 0, 4, 3).SyncState(writer);
        var bytes = writer.Written.ToArray();
        bytes[0] = 8;
        Assert.Throws<StateFormatException>(() => NewDevice().SyncState(new StateReader(bytes)));
    }

    [Fact]
    public void Registers_have_names()
    {
        Assert.Equal(
            ("IVPOSITION", "DOORBELL", "MSIX_ADDR_LO[1]", "MSIX_PBA[0]", (string?)null),
            (DoorbellRegisters.NameOf(8), DoorbellRegisters.NameOf(15), DoorbellRegisters.NameOf(0x1010), DoorbellRegisters.NameOf(0x1804), DoorbellRegisters.NameOf(0x800)));
    }

    void IDoorbellPeers.Ring(int peer, int vector) => _rung.Add((peer, vector));

    private DoorbellDevice NewDevice() => new(_bench, _bench, this, position: 2, peers: 4, vectors: 3);

    private void Open(int vector, uint data)
    {
        Assert.Equal(AccessOutcome.Done, _device.Write((ulong)(DoorbellRegisters.Table + (16 * vector)), 8, Address));
        Assert.Equal(AccessOutcome.Done, _device.Write((ulong)(DoorbellRegisters.Table + (16 * vector) + 8), 8, data));
    }

    private void Write(int offset, uint value) => Assert.Equal(AccessOutcome.Done, _device.Write((ulong)offset, 4, value));

    private ulong Read(int offset)
    {
        Assert.Equal(AccessOutcome.Done, _device.Read((ulong)offset, 4, out var value));
        return value;
    }
}
