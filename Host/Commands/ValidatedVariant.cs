using Trapline.Machines.Boards;

namespace Trapline.Host.Commands;

/// <summary>A variant of a scenario.</summary>
/// <param name="Topology">Its machine.</param>
/// <param name="Vcpus">How many.</param>
/// <param name="Link">Between its two hosts; null where it has one host.</param>
/// <param name="Until">As text, <c>10ms</c>.</param>
/// <param name="Smoke">The smoke length as text.</param>
/// <param name="SmokeWindows">The smoke length in windows of length L; null where nothing limits L.</param>
internal sealed record ValidatedVariant(Topology Topology, int Vcpus, ValidatedLink? Link, string Until, string Smoke, long? SmokeWindows);
