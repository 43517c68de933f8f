using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Routing;

/// <summary>
/// One entry of KVM_SET_GSI_ROUTING. GSIs of the kernel are pin numbers from 0; the 64 that ACPI adds is the guest's
/// matter.
/// </summary>
/// <param name="Gsi">0 to 4095.</param>
/// <param name="Kind">Where it leads.</param>
/// <param name="Chip">Of an irqchip entry: 0.</param>
/// <param name="PinOrData">A pin of PCH-PIC, or the data of a message, which is the vector.</param>
/// <param name="Flags">0.</param>
public readonly record struct GsiRoute(uint Gsi, GsiRouteKind Kind, uint Chip, uint PinOrData, uint Flags = 0)
{
    public static GsiRoute ToPin(uint gsi, uint pin) => new(gsi, GsiRouteKind.Irqchip, 0, pin);

    public void SyncState(StateSync sync, out GsiRoute synced)
    {
        var (gsi, kind, chip, target, flags) = this;
        var number = (uint)kind;
        sync.Row("gsi", ref gsi);
        sync.Row("type", ref number);
        sync.Row("irqchip", ref chip);
        sync.Row("pinOrData", ref target);
        sync.Row("flags", ref flags);
        synced = new GsiRoute(gsi, (GsiRouteKind)number, chip, target, flags);
    }

    public static GsiRoute ToMessage(uint gsi, uint data) => new(gsi, GsiRouteKind.Msi, 0, data);
}
