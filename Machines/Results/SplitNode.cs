namespace Trapline.Machines.Results;

/// <summary>One node of a split variant, in its last attempt.</summary>
/// <param name="Node">Number.</param>
/// <param name="Groups">That it held at the end.</param>
/// <param name="ComputedSeconds">Wall time in which it ran groups.</param>
/// <param name="WaitedSeconds">Wall time in which it exchanged windows: nearly all of it is waiting for others.</param>
/// <param name="Messages">That it sent to other nodes.</param>
public sealed record SplitNode(int Node, int Groups, decimal ComputedSeconds, decimal WaitedSeconds, long Messages);
