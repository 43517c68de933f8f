using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>One thing that happened: a value without references, so that collecting it allocates nothing. <see cref="TraceKind"/> says which fields it has.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">To whom, or by whom.</param>
/// <param name="Kind">What.</param>
/// <param name="Code">A smaller kind, or a level.</param>
/// <param name="Width">Bytes of an access.</param>
/// <param name="Other">The other actor of it.</param>
/// <param name="Number">A line, pin, reason or register.</param>
/// <param name="Word0">An address.</param>
/// <param name="Word1">A value.</param>
public readonly record struct TraceEntry(
    VirtualTime At, ActorAddress Actor, TraceKind Kind, byte Code = 0, byte Width = 0, ActorAddress Other = default, int Number = 0, ulong Word0 = 0, ulong Word1 = 0);
