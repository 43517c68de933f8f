namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>What the head of a recording says about the machine.</summary>
/// <param name="Name">Of the recording.</param>
/// <param name="Recorder">Who emulated the machine: <c>qemu 11.1.3</c>; empty where the head does not say.</param>
/// <param name="Cpus">How many CPUs; CPU index and physical id are the same.</param>
/// <param name="VirtualExtension">EIOINTC has its virtual extension.</param>
internal sealed record LoongArchHeader(string Name, string Recorder, int Cpus, bool VirtualExtension);
