using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>One raw row of a device, before and after a migration.</summary>
/// <param name="Device">Its actor at the source.</param>
/// <param name="Row">Its name, with the parts that it is in: <c>enable[3]</c>.</param>
/// <param name="Before">At the source, when the guest had stopped.</param>
/// <param name="After">At the destination, before it ran on.</param>
/// <param name="Judgement">Why they differ, and whether that matters: a few words; empty where they do not.</param>
public readonly record struct AuditedRow(ActorAddress Device, string Row, ulong Before, ulong After, string Judgement)
{
    private const int TextLimit = 256;

    internal static void Sync(StateSync sync, ref AuditedRow audited)
    {
        var (device, row, before, after, judgement) = audited;
        row ??= "";
        judgement ??= "";
        sync.Row("device", ref device);
        sync.Text("row", ref row, TextLimit);
        sync.Row("before", ref before);
        sync.Row("after", ref after);
        sync.Text("judgement", ref judgement, TextLimit);
        audited = new(device, row, before, after, judgement);
    }
}
