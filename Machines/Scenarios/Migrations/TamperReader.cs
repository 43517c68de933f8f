using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>Reads the key <c>tamper</c> of a migration.</summary>
internal sealed class TamperReader(ErrorList errors)
{
    private static readonly string[] OfAlter = ["item", "byte", "bits"];

    /// <param name="node">The key's value, or null.</param>
    /// <param name="path">The key, for messages.</param>
    /// <param name="places">Gets where each group is named.</param>
    public List<TransferFault> Read(YamlNode? node, string path, List<TamperPlace> places)
    {
        var faults = new List<TransferFault>();
        if (node is not SequenceNode list)
        {
            if (node is not null)
            {
                errors.Add(node.Position, $"{path} must be a list such as [{{fault: omit, group: eiointc-core-isr}}], not {node.Kind}");
            }

            return faults;
        }

        if (list.Items.Count > TamperSection.MostEntries)
        {
            errors.Add(list.Items[TamperSection.MostEntries].Position, $"{path} has {list.Items.Count} entries; at most {TamperSection.MostEntries}");
        }

        for (var i = 0; i < Math.Min(list.Items.Count, TamperSection.MostEntries); i++)
        {
            if (MappingReader.Open(list.Items[i], $"{path}[{i}]", typeof(TamperSection), errors) is not { } entry || Fault(entry) is not { } fault)
            {
                continue;
            }

            if (faults.Find(other => Exclude(fault, other)) is { } former)
            {
                errors.Add(entry.Node.Position, $"{path}[{i}]: {Text(fault)} comes after {Text(former)}, which leaves it nothing to do; remove one");
                continue;
            }

            faults.Add(fault);
            places.Add(new(fault.Group, entry.PathOf("group"), entry.Find("group")!.Position));
        }

        return faults;
    }

    /// <summary>Several values of a group may be altered, and it may be out of order besides; all else excludes one another.</summary>
    private static bool Exclude(TransferFault fault, TransferFault other)
    {
        var places = (fault.Kind is TransferFaultKind.First or TransferFaultKind.Last, other.Kind is TransferFaultKind.First or TransferFaultKind.Last);
        return fault.Group == other.Group
            && (fault.Kind == TransferFaultKind.Omit || other.Kind == TransferFaultKind.Omit
                || places is (true, true)
                || (fault.Kind == other.Kind && (fault.Kind != TransferFaultKind.Alter || (fault.Item == other.Item && fault.Byte == other.Byte))));
    }

    private static string Text(TransferFault fault) => $"{MigrationRules.WordOf(fault.Kind)} of {MigrationRules.WordOf(fault.Group)}";

    private TransferFault? Fault(MappingReader entry)
    {
        var kind = entry.Word("fault", MigrationRules.Faults);
        var group = entry.Word("group", MigrationRules.Groups);
        var item = (int?)entry.Integer("item", 0, TamperSection.MostItem);
        var place = (int?)entry.Integer("byte", 0, TamperSection.MostByte);
        var bits = (byte?)entry.Integer("bits", 1, byte.MaxValue);
        if (kind is null || group is null)
        {
            return null;
        }

        var fault = new TransferFault(MigrationRules.ValueOf<TransferFaultKind>(kind), MigrationRules.ValueOf<StateGroup>(group), item ?? 0, place ?? 0, bits ?? 1);
        return Check(entry, fault) ? fault : null;
    }

    /// <summary>What cannot be done to a group, and what can.</summary>
    private static string? Unsuited(TransferFault fault) => fault switch
    {
        { Group: StateGroup.Memory, Kind: not (TransferFaultKind.Omit or TransferFaultKind.Stale) } => "memory is pages, which are no values and have no place among them; use omit or stale: the pages of the last round stay behind",
        { Group: StateGroup.Routing or StateGroup.Devices, Kind: TransferFaultKind.Stale } => $"{MigrationRules.WordOf(fault.Group)} is the VMM's own, which nobody reads before the stop; use omit, alter, first or last",
        _ => null,
    };

    private bool Check(MappingReader entry, TransferFault fault)
    {
        var word = MigrationRules.WordOf(fault.Kind);
        if (MigrationRules.IsControlStep(fault.Group) && fault.Kind is TransferFaultKind.Stale or TransferFaultKind.Alter)
        {
            errors.Add(entry.Find("fault")!.Position, $"{entry.PathOf("fault")} is {word}, but {MigrationRules.WordOf(fault.Group)} is a control step and has no values; use omit, first or last");
            return false;
        }

        if (MigrationRules.IsSaveStep(fault.Group) && fault.Kind != TransferFaultKind.Omit)
        {
            errors.Add(entry.Find("fault")!.Position, $"{entry.PathOf("fault")} is {word}, but {MigrationRules.WordOf(fault.Group)} is a step of the source, which is not sent; use omit");
            return false;
        }

        if (Unsuited(fault) is { } remedy)
        {
            errors.Add(entry.Find("fault")!.Position, $"{entry.PathOf("fault")} is {word}, but {remedy}");
            return false;
        }

        if (fault.Kind == TransferFaultKind.Alter)
        {
            if (entry.Node.Find("item") is null)
            {
                errors.Add(entry.Node.Position, "alter needs 'item': which value of the group, from 0");
                return false;
            }

            return true;
        }

        foreach (var key in OfAlter)
        {
            if (entry.Node.Find(key) is { } extra)
            {
                errors.Add(extra.Key.Position, $"{Quoted.Show(key)} is for alter; {word} is of the whole group: remove it");
                return false;
            }
        }

        return true;
    }
}
