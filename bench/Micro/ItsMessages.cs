using BenchmarkDotNet.Attributes;

namespace Trapline.Bench.Micro;

/// <summary>
/// A message from its doorbell to the release of its LPI, in an ITS with few and with many mapped events. They go round all events: with many,
/// the caches of the machine that this runs on are part of it.
/// </summary>
public class ItsMessages
{
    private MappedIts _its = null!;
    private uint _number;

    [Params(16, 4096, 65_536)]
    public int Events { get; set; }

    /// <summary>At most: each has one event or more.</summary>
    [Params(1, 256)]
    public int Devices { get; set; }

    [Params("kvm", "qemu-11")]
    public string Profile { get; set; } = "kvm";

    [GlobalSetup]
    public void Map() => _its = new MappedIts(Profile, Events, Math.Min(Devices, Events));

    [Benchmark]
    public int InTurn()
    {
        _number = (_number + 1) & (uint)(Events - 1);
        return _its.Signal(_number);
    }

    /// <summary>Each once before any comes again, in an order that nothing in the machine foresees.</summary>
    [Benchmark]
    public int InRandomOrder()
    {
        _number = ((_number * 1_664_525) + 1_013_904_223) & (uint)(Events - 1);
        return _its.Signal(_number);
    }
}
