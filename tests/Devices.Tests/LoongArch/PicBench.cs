using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>PCH-PIC and PCH-MSI in front of a real EIOINTC with two CPUs: what the vectors of section 12.3 are played on.</summary>
internal sealed class PicBench
{
    private const int Mask = PchPicRegisters.IntMask;

    public PicBench(LoongArchProfile profile)
    {
        Machine = MachineBench.WithIds(profile);
        Host = new RecordingHost { Driven = Machine.Eiointc.Input };
        Pic = new PchPic(Host, profile);
        Uapi = new PchPicUapi(Pic);
        Msi = new PchMsi(Host, profile);
    }

    public PicBench(string profile)
        : this(LoongArchProfiles.Find(profile)!)
    {
    }

    public MachineBench Machine { get; }

    public RecordingHost Host { get; }

    public PchPic Pic { get; }

    public PchPicUapi Uapi { get; }

    public PchMsi Msi { get; }

    public ulong Irr => Raw(PchPicRegisters.IntIrr);

    public ulong Isr => Raw(PchPicRegisters.IntIsr);

    /// <summary>COREISR of CPU 0, vectors 0 to 31.</summary>
    public uint Pending => Machine.Pending(0);

    public string Lines => Machine.Lines(0);

    /// <summary>IRR, ISR, COREISR and the lines of CPU 0.</summary>
    public (ulong Irr, ulong Isr, uint Pending, string Lines) State => (Irr, Isr, Pending, Lines);

    public static PicBench Standard(string profile) => Standard(LoongArchProfiles.Find(profile)!);

    /// <summary>"PIC std": vectors 0 to 31 enabled, vector p at pin p for the pins that are used, all masked.</summary>
    public static PicBench Standard(LoongArchProfile profile)
    {
        var bench = new PicBench(profile);
        bench.Machine.Write4(0, 0x1600, 0xFFFFFFFF);
        foreach (var pin in new[] { 2, 3, 4 })
        {
            bench.Write((ulong)(0x200 + pin), 1, (ulong)pin);
        }

        bench.Write(0x20, 4, 0xFFFFFFFF);
        bench.Write(0x24, 4, 0xFFFFFFFF);
        bench.Host.Log.Clear();
        bench.Host.Reports.Clear();
        return bench;
    }

    /// <summary>P3: level pin 2 unmasked and high.</summary>
    public static PicBench Asserted(string profile)
    {
        var bench = Standard(profile);
        bench.Write(Mask, 4, 0xFFFFFFFB);
        bench.Pin(2, 1);
        return bench;
    }

    /// <summary>Pin 4 edge-triggered and unmasked, by the words that <paramref name="masks"/> has.</summary>
    public static PicBench Edge(LoongArchProfile profile, ulong masks = 0xFFFFFFEF)
    {
        var bench = Standard(profile);
        bench.Write(0x60, 4, 0x10);
        bench.Write(Mask, 4, masks);
        return bench;
    }

    public static PicBench Edge(string profile, ulong masks = 0xFFFFFFEF) => Edge(LoongArchProfiles.Find(profile)!, masks);

    public void Pin(int pin, int level) => Pic.Input(pin, level != 0);

    public AccessOutcome Write(ulong offset, int size, ulong value) => Pic.Write(offset, size, value);

    /// <summary>The bytes that were read; what is above them depends on the profile.</summary>
    public ulong Read(ulong offset, int size) => Read(offset, size, AccessOutcome.Done);

    public ulong Read(ulong offset, int size, AccessOutcome expected)
    {
        Assert.Equal(expected, Pic.Read(offset, size, out var value));
        return BusValue.ReplaceLow(0, value, size);
    }

    public void AcknowledgeAtEiointc(uint mask) => Machine.Write4(0, 0x1800, mask);

    private ulong Raw(int register)
    {
        Assert.Equal(0, Uapi.GetAttribute(PchPicUapi.RegistersGroup, (ulong)register, out var value));
        return value;
    }
}
