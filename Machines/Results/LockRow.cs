using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>What one lock of the machine made its takers wait.</summary>
/// <param name="Lock">Its name: <c>vmm</c> is the big lock of user space.</param>
/// <param name="Acquisitions">How often it was taken.</param>
/// <param name="Waited">How many of these had to wait.</param>
/// <param name="WaitTotalNs">Sum of the waits.</param>
/// <param name="WaitMaxNs">The longest wait.</param>
/// <param name="GreatestQueue">Most that waited at one time.</param>
/// <param name="Queue">Start of each interval of time and the most that waited in it, in order of time; an interval ends where the next one starts.</param>
public sealed record LockRow(
    string Lock, long Acquisitions, long Waited, decimal WaitTotalNs, decimal WaitMaxNs, long GreatestQueue,
    [property: JsonConverter(typeof(CurveConverter))] IReadOnlyList<CurvePoint> Queue);
