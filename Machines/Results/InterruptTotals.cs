namespace Trapline.Machines.Results;

/// <summary>The fate of every raise: <c>Raised = Handled + Coalesced + Masked + Pending + Withdrawn</c>.</summary>
/// <param name="Raised">Interrupts raised.</param>
/// <param name="Handled">Taken by a handler, or acknowledged by a guest that polled.</param>
/// <param name="Coalesced">Raised while already pending: served together with the earlier one.</param>
/// <param name="Masked">At the end still pending behind a mask.</param>
/// <param name="Pending">At the end pending and not masked.</param>
/// <param name="Withdrawn">Taken back by its source before it was served: a level that fell.</param>
public sealed record InterruptTotals(long Raised, long Handled, long Coalesced, long Masked, long Pending, long Withdrawn);
