namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// All that a VMM carries from one device into a fresh one, in the required order, with the control steps: each item is one
/// attribute or step, so that a test can leave one out.
/// </summary>
/// <param name="Name">Of the attribute.</param>
/// <param name="Carry">Gets it of the first and sets it into the second.</param>
internal sealed record UapiTransfer<T>(string Name, Action<T, T> Carry)
{
    public static void All(IEnumerable<UapiTransfer<T>> items, T from, T to, string? without = null)
    {
        foreach (var item in items.Where(item => item.Name != without))
        {
            item.Carry(from, to);
        }
    }
}
