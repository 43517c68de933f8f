using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// One entry of KVM_SET_GSI_ROUTING. GSIs of the kernel are pin numbers from 0; the 64 that ACPI adds on LoongArch, and the 32
/// of ARM's private interrupts, are the guest's matter.
/// </summary>
/// <param name="Gsi">0 to 4095.</param>
/// <param name="Kind">Where it leads.</param>
/// <param name="Chip">Of an irqchip entry: 0.</param>
/// <param name="PinOrData">A pin, or the data of a message.</param>
/// <param name="Flags">0, or of a message what <see cref="RoutingRules.MessageFlags"/> allows.</param>
/// <param name="Address">Of a message, where that matters.</param>
/// <param name="DeviceId">Of a message, where that matters.</param>
public readonly record struct GsiRoute(uint Gsi, GsiRouteKind Kind, uint Chip, uint PinOrData, uint Flags = 0, ulong Address = 0, uint DeviceId = 0)
{
    /// <summary>What an entry of type MSI sends.</summary>
    public KvmMessage Message => new(PinOrData, Address, DeviceId, Flags);

    public static GsiRoute ToPin(uint gsi, uint pin) => new(gsi, GsiRouteKind.Irqchip, 0, pin);

    public static GsiRoute ToMessage(uint gsi, uint data) => new(gsi, GsiRouteKind.Msi, 0, data);

    public static GsiRoute ToMessage(uint gsi, in KvmMessage message) => new(gsi, GsiRouteKind.Msi, 0, message.Data, message.Flags, message.Address, message.DeviceId);

    public void SyncState(StateSync sync, RoutingRules rules, out GsiRoute synced)
    {
        var (gsi, kind, chip, target, flags, address, deviceId) = this;
        var number = (uint)kind;
        sync.Row("gsi", ref gsi);
        sync.Row("type", ref number);
        sync.Row("irqchip", ref chip);
        sync.Row("pinOrData", ref target);
        sync.Row("flags", ref flags);
        if (rules.MessagesHaveAddress)
        {
            sync.Row("address", ref address);
            sync.Row("deviceId", ref deviceId);
        }

        synced = new GsiRoute(gsi, (GsiRouteKind)number, chip, target, flags, address, deviceId);
    }
}
