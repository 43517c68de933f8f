using Trapline.Machines.Quirks;

namespace Trapline.Host.Reports;

/// <summary>A quirk as <see cref="Quirk"/> has it, without what it does.</summary>
internal sealed record QuirkRow(
    string Name,
    string Row,
    string Defects,
    string What,
    string Since,
    string Fixed,
    string Visible,
    string Exposed)
{
    public static QuirkRow Of(Quirk quirk) =>
        new(quirk.Name, quirk.Row, quirk.Defects, quirk.What, quirk.Since, quirk.Fixed, quirk.Visible, quirk.Exposed);
}
