namespace Trapline.Machines.Assembly;

internal readonly record struct Value(long Number, ValueTaints Taints)
{
    public bool IsInvalid => (Taints & ValueTaints.Invalid) != 0;

    public bool IsPerCpu => (Taints & ValueTaints.PerCpu) != 0;

    public bool IsAddress => (Taints & ValueTaints.Address) != 0;
}
