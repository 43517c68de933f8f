using Trapline.Devices.Common.Transfer;

namespace Trapline.Actors.Migration;

/// <summary>A fault of a state transfer.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Group">To which group of state.</param>
/// <param name="Item">Of <see cref="TransferFaultKind.Alter"/>: which value of the group, from 0.</param>
/// <param name="Byte">Of <see cref="TransferFaultKind.Alter"/>: which byte of the value, from the least.</param>
/// <param name="Bits">Of <see cref="TransferFaultKind.Alter"/>: which bits of the byte are turned over; not 0.</param>
public sealed record TransferFault(TransferFaultKind Kind, StateGroup Group, int Item = 0, int Byte = 0, byte Bits = 1);
