using BenchmarkDotNet.Attributes;
using Trapline.Devices.Arm.Its;

namespace Trapline.Bench.Micro;

/// <summary>INVALL where all 57,344 LPIs go to one vCPU and nothing has changed: a guest may put 32,767 of these into a queue.</summary>
public class ItsInvalidations
{
    private MappedIts _its = null!;

    [Params("kvm", "qemu-11")]
    public string Profile { get; set; } = "kvm";

    [GlobalSetup]
    public void Map() => _its = new MappedIts(Profile, events: 65_536, devices: 1);

    [Benchmark]
    public void InvalidateAll() => _its.Send(new ItsCommand((byte)ItsOpcode.Invall, 0, 0, 0));
}
