using Trapline.Host.Commands;

namespace Trapline.Host.Rendering;

/// <summary>What is known of a file without running it, as text.</summary>
internal sealed class ValidationRenderer(TextWriter writer, Terminal terminal)
{
    private const int LabelWidth = 14;

    public void Write(ValidationReport report)
    {
        writer.WriteLine($"{terminal.Verdict(true)} {report.File}");
        if (report.Variants is { } variants)
        {
            WriteVariants(variants);
        }

        if (report.Guest is { } guest)
        {
            WriteGuest(guest);
        }

        if (report.Costs is { } costs)
        {
            Line("Profile", costs.Name);
            Line("Costs", $"{costs.Costs}, and {costs.Factors} factors");
            Line("Path", $"{costs.PathLatency} between groups, jitter {costs.PathJitter}");
        }
    }

    private void WriteVariants(IReadOnlyList<ValidatedVariant> variants)
    {
        writer.WriteLine();
        var table = new TextTable("-variant", "vcpus", "groups", "actors", "instr", "L", "until", "smoke", "windows");
        foreach (var variant in variants)
        {
            var topology = variant.Topology;
            table.Add(
                topology.Variant, $"{variant.Vcpus}", $"{topology.Groups}", $"{topology.Actors}", $"{topology.Instructions}",
                topology.LookaheadText, variant.Until, variant.Smoke, variant.SmokeWindows is { } windows ? $"{windows}" : "-");
        }

        table.Write(writer, Terminal.LayoutWidth);
        var shown = variants.Count <= RunArguments.MostVariantsInFull ? variants : [variants[^1]];
        foreach (var variant in shown)
        {
            WritePaths(variant);
        }

        if (shown.Count < variants.Count)
        {
            writer.WriteLine();
            writer.WriteLine("The paths of the other variants: --json.");
        }
    }

    private void WritePaths(ValidatedVariant variant)
    {
        var topology = variant.Topology;
        writer.WriteLine();
        writer.WriteLine(terminal.Strong($"{topology.Variant}: L = {topology.LookaheadText}, E = {topology.GreatestLatencyText}"));
        if (variant.Link is { } link)
        {
            var planned = link.Migrations.Count == 0 ? "no migration planned" : $"{link.Bandwidth}, migrations at {string.Join(", ", link.Migrations)}";
            writer.WriteLine($"{link.Hosts} hosts, link of {link.Latency} one way, {planned}");
        }

        if (topology.Hosts is { } hosts)
        {
            writer.WriteLine($"{hosts.Groups.Count} hosts with {string.Join(", ", hosts.Groups)} groups, {hosts.Latency} from one to another");
        }

        if (topology.Placement is { } placement)
        {
            var limit = placement.LimitingPath.Length == 0 ? "no path crosses" : $"limited by {placement.LimitingPath}";
            writer.WriteLine($"placement {placement.Policy}: {placement.Groups.Count} nodes with {string.Join(", ", placement.Groups)} groups, L between them {placement.LookaheadText}, {limit}");
        }

        if (topology.Paths.Count == 0)
        {
            return;
        }

        writer.WriteLine($"limited by {topology.LimitingPath}");
        writer.WriteLine();
        var table = new TextTable("-from", "-to", "paths", "latency", "jitter");
        foreach (var path in topology.Paths)
        {
            table.Add(path.From, path.To, $"{path.Count}", path.Latency, path.Jitter);
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    private void WriteGuest(ValidatedGuest guest)
    {
        Line("Assembled for", $"{guest.Vcpus} vCPUs, parameters at their defaults");
        Line("Instructions", $"{guest.Instructions}");
        Line("Memory", $"{guest.SharedBytes} bytes shared, {guest.PerCpuBytes} bytes per CPU");
        Line("Files", string.Join(", ", guest.Files));
        Line("Counters", guest.Counters.Count == 0 ? "none" : string.Join(", ", guest.Counters));
        Line("Marks", guest.Marks.Count == 0 ? "none" : string.Join(", ", guest.Marks));
        Line("Random", guest.DrawsRandom ? "draws: the seed decides" : "no draws");
    }

    private void Line(string label, string value) => writer.WriteLine(label.PadRight(LabelWidth) + value);
}
