namespace Trapline.Machines.Results.Migrations;

/// <summary>What was pending when the guest had stopped, counted in the state that was read out.</summary>
/// <param name="Ipis">Vectors of IPI units: bits of STATUS.</param>
/// <param name="Vectors">Vectors of EIOINTC: bits of COREISR.</param>
/// <param name="Pins">Pins of PCH-PIC: bits of IRR.</param>
/// <param name="Lines">Lines of vCPUs: bits of ESTAT.IS but the timer's.</param>
/// <param name="Timers">vCPUs whose timer runs, or has run out and was not served.</param>
public sealed record PendingRow(uint Ipis, uint Vectors, uint Pins, uint Lines, uint Timers);
