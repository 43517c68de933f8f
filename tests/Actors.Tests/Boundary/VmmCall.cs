using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>An ioctl of a scripted VMM.</summary>
internal readonly record struct VmmCall(long AtNanoseconds, ActorAddress File, KvmIoctl Ioctl, ulong First = 0, ulong Second = 0);
