using System.Reflection;
using System.Text.Json.Serialization;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Quirks;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>Keys of <c>machine</c> that are given a value, there or in a choice of the matrix. Null leaves what was there.</summary>
public sealed record MachineChange
{
    /// <summary>A list, so no axis by itself.</summary>
    public const string QuirksKey = "quirks";

    /// <summary>The keys that a choice of the matrix may have, as <see cref="MachineSection"/> names them: all but <c>board</c>.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. KeyShape.Keys(typeof(MachineSection)).Where(key => key != "board")];

    /// <summary>Of <c>arm-virt</c> alone, and no axis by itself.</summary>
    public const string InterruptsKey = "interrupts";

    /// <summary>Those that may be axes.</summary>
    public static IReadOnlyList<string> AxisKeys { get; } = [.. Keys.Where(key => key is not (QuirksKey or InterruptsKey or LinkChange.Key or HostsSection.Key))];

    /// <summary>Those whose values are words.</summary>
    public static IReadOnlyList<string> WordKeys { get; } = [.. AxisKeys.Where(key => key != MatrixAxis.Vcpus)];

    public int? Vcpus { get; init; }

    public IProfile? Profile { get; init; }

    public Hypervisor? Hypervisor { get; init; }

    public Irqchip? Irqchip { get; init; }

    public BigLock? BigLock { get; init; }

    public MessageDelivery? Msi { get; init; }

    public Paravirtualization? Paravirt { get; init; }

    public int? Interrupts { get; init; }

    public QuirkSet? Quirks { get; init; }

    public LinkChange? Link { get; init; }

    public HostsSection? Hosts { get; init; }

    /// <summary>What a key of <see cref="WordKeys"/> may be.</summary>
    public static IReadOnlyList<string> WordsOf(string key) => key switch
    {
        "profile" => [.. BoardKind.All.SelectMany(board => board.ProfileNames).Distinct()],
        "hypervisor" => WordsOf<Hypervisor>(),
        "irqchip" => WordsOf<Irqchip>(),
        "bigLock" => WordsOf<BigLock>(),
        "msi" => WordsOf<MessageDelivery>(),
        _ => WordsOf<Paravirtualization>(),
    };

    /// <summary>The words of an enumeration, as files have them.</summary>
    public static string[] WordsOf<T>()
        where T : struct, Enum
        => [.. Enum.GetValues<T>().Select(WordOf)];

    public static string WordOf<T>(T value)
        where T : struct, Enum
        => typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;

    /// <summary>Takes the keys that are there; what is wrong with them is reported where it stands.</summary>
    /// <param name="reader">The keys.</param>
    /// <param name="board">Whose profiles there are; of any board where it is not known.</param>
    internal static MachineChange Read(MappingReader reader, BoardKind? board) => new()
    {
        Vcpus = (int?)reader.Integer("vcpus", MachineSection.MinimumVcpus, board?.MaximumVcpus ?? MachineSection.MaximumVcpus),
        Profile = (board ?? BoardKind.LoongArchVirt).FindProfile(reader.Word("profile", board?.ProfileNames ?? WordsOf("profile")) ?? ""),
        Hypervisor = Enumerated<Hypervisor>(reader, "hypervisor"),
        Irqchip = Enumerated<Irqchip>(reader, "irqchip"),
        BigLock = Enumerated<BigLock>(reader, "bigLock"),
        Msi = Enumerated<MessageDelivery>(reader, "msi"),
        Paravirt = Enumerated<Paravirtualization>(reader, "paravirt"),
        Interrupts = (int?)reader.Integer(InterruptsKey, GicTopology.MinimumInterrupts, InterruptIds.MaximumDistributed),
        Quirks = QuirkReader.Read(reader, QuirksKey),
        Link = LinkChange.Read(reader),
        Hosts = HostsSection.Read(reader),
    };

    internal static T? Enumerated<T>(MappingReader reader, string key)
        where T : struct, Enum
    {
        var words = WordsOf<T>();
        return reader.Word(key, words) is { } word ? Enum.GetValues<T>()[Array.IndexOf(words, word)] : null;
    }

    /// <summary>True of a machine that has all that is given here, and no quirks but those.</summary>
    public bool IsOf(MachineSettings settings, IProfile profile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return (Profile is null || Profile == profile)
            && (Hypervisor is null || Hypervisor == settings.Hypervisor)
            && (Irqchip is null || Irqchip == settings.Irqchip)
            && (BigLock is null || BigLock == settings.BigLock)
            && (Msi is null || Msi == settings.Msi)
            && (Paravirt is null || Paravirt == settings.Paravirt)
            && (Interrupts is null || Interrupts == settings.Interrupts)
            && (Quirks ?? QuirkSet.None).Equals(settings.Quirks);
    }

    /// <summary>As a file has it: <c>irqchip: user, paravirt: none</c>.</summary>
    public override string ToString()
    {
        (string Key, string? Word)[] keys =
        [
            ("vcpus", Vcpus?.ToString()), ("profile", Profile?.Name), ("hypervisor", Hypervisor is { } a ? WordOf(a) : null),
            ("irqchip", Irqchip is { } b ? WordOf(b) : null), ("bigLock", BigLock is { } c ? WordOf(c) : null),
            ("msi", Msi is { } e ? WordOf(e) : null), ("paravirt", Paravirt is { } d ? WordOf(d) : null),
            (InterruptsKey, Interrupts?.ToString()), (QuirksKey, Quirks is { } f ? $"[{f}]" : null), (LinkChange.Key, Link?.ToString()), (HostsSection.Key, Hosts?.ToString()),
        ];
        return string.Join(", ", keys.Where(key => key.Word is not null).Select(key => $"{key.Key}: {key.Word}"));
    }

    public MachineSection ApplyTo(MachineSection machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine with
        {
            Vcpus = Vcpus ?? machine.Vcpus,
            Profile = Profile ?? machine.Profile,
            Hypervisor = Hypervisor ?? machine.Hypervisor,
            Irqchip = Irqchip ?? machine.Irqchip,
            BigLock = BigLock ?? machine.BigLock,
            Msi = Msi ?? machine.Msi,
            Paravirt = Paravirt ?? machine.Paravirt,
            Interrupts = Interrupts ?? machine.Interrupts,
            Quirks = Quirks ?? machine.Quirks,
            Link = Link?.ApplyTo(machine.Link) ?? machine.Link,
            Hosts = Hosts ?? machine.Hosts,
        };
    }
}
