using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>The commands that make and end mappings, as QEMU executes them: each writes the tables in guest memory.</summary>
internal sealed class TableCommands(ILpiTargets targets, TableEntries entries)
{
    private const int MaximumEventBits = 16;

    /// <summary>A size above 16 bits is refused also where the mapping ends. The table of the device stays as it is.</summary>
    public int Mapd(in ItsCommand command)
    {
        if (!entries.HasDevice(command.DeviceId))
        {
            return ItsErrors.MapdDeviceOutOfRange;
        }

        if (command.EventBits > MaximumEventBits)
        {
            return ItsErrors.MapdTableSizeOutOfRange;
        }

        return entries.WriteDevice(command.DeviceId, command.IsValid ? TableDevice.Of(command.TableAddress, command.EventBits) : 0);
    }

    public int Mapc(in ItsCommand command)
    {
        if (!entries.HasCollection(command.Collection))
        {
            return ItsErrors.MapcCollectionOutOfRange;
        }

        // The number of a vCPU has 16 bits.
        var target = (ushort)command.Target;
        if (command.IsValid && target >= targets.Vcpus)
        {
            return ItsErrors.MapcProcessorOutOfRange;
        }

        return entries.WriteCollection(command.Collection, command.IsValid ? TableCollection.Of(target) : 0);
    }

    /// <summary>An event that is mapped is mapped anew; the collection need not be there.</summary>
    public int Mapti(in ItsCommand command)
    {
        if (!entries.HasDevice(command.DeviceId))
        {
            return ItsErrors.MaptiUnmappedDevice;
        }

        var result = entries.ReadDevice(command.DeviceId, out var device);
        if (result != Errno.Success)
        {
            return result;
        }

        if (!entries.HasCollection(command.Collection))
        {
            return ItsErrors.MapcCollectionOutOfRange;
        }

        if (!device.IsValid)
        {
            return ItsErrors.MaptiUnmappedDevice;
        }

        if (command.EventId >= device.Events)
        {
            return ItsErrors.MaptiEventOutOfRange;
        }

        return command.InterruptId is >= InterruptIds.FirstLpi and < InterruptIds.LpiEnd
            ? entries.WriteEvent(device, command.EventId, TableEvent.Of(command.InterruptId, command.Collection), TableEvent.Doorbell)
            : ItsErrors.MaptiInterruptOutOfRange;
    }
}
