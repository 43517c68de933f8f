namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>The guest's memory, as far as the host reaches it when it writes a steal-time record.</summary>
public interface IStealTimeMemory
{
    /// <summary>False where there is no memory at the address.</summary>
    /// <param name="address">Guest physical, aligned to the size.</param>
    /// <param name="size">Bytes: 1, 4 or 8.</param>
    /// <param name="value">Extended with zeros.</param>
    bool TryRead(ulong address, int size, out ulong value);

    /// <summary>To be called only where <see cref="TryRead"/> succeeds.</summary>
    void Write(ulong address, int size, ulong value);
}
