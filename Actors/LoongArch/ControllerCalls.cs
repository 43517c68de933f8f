using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>What the controllers in the kernel have in common as user space sees them.</summary>
internal static class ControllerCalls
{
    /// <summary>KVM_SET_DEVICE_ATTR or KVM_GET_DEVICE_ATTR, passed on by the boundary.</summary>
    /// <param name="request">A <see cref="MessageKind.DeviceAttribute"/>.</param>
    /// <param name="device">Whose attribute.</param>
    /// <param name="value">What is read; 0 when setting.</param>
    /// <returns>0 or a negative errno.</returns>
    public static int ServeAttribute(in Message request, IAttributes device, out ulong value)
    {
        var group = (uint)(request.Word0 >> 32);
        var bytes = (int)Math.Min(request.Word3, int.MaxValue);
        value = 0;
        return (request.Word0 & 1) != 0
            ? DeviceAttributes.Set(device, group, request.Word1, request.Word2, bytes)
            : DeviceAttributes.Get(device, group, request.Word1, bytes, out value);
    }
}
