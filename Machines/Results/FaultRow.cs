namespace Trapline.Machines.Results;

/// <summary>A planned fault that hit a message.</summary>
/// <param name="Text">As <c>--fault</c> takes it, with the path that was hit: <c>drop LineChange#17 ipi3-&gt;vcpu3</c>.</param>
/// <param name="AtNs">When the message was sent.</param>
public sealed record FaultRow(string Text, decimal AtNs);
