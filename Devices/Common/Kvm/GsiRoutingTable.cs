using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// Which GSI leads where (virt/kvm/irqchip.c): replaced as a whole, or not at all. A GSI has no entry, one, or several to
/// different chips; LoongArch and ARM know one chip, so one.
/// </summary>
public sealed class GsiRoutingTable(RoutingRules rules)
{
    /// <summary>KVM_MAX_IRQ_ROUTES.</summary>
    public const int Limit = 4096;

    private GsiRoute[] _routes = [];

    /// <summary>As in a fresh VM: no entry.</summary>
    public void Clear() => _routes = [];

    /// <summary>What the interrupt controller installs: GSI n at pin n.</summary>
    /// <param name="pins">How many it has.</param>
    public void InstallDefault(int pins) => _routes = [.. Enumerable.Range(0, pins).Select(pin => GsiRoute.ToPin((uint)pin, (uint)pin))];

    /// <returns>0, or <see cref="Errno.InvalidArgument"/>: then the old table stays in force.</returns>
    public int Replace(ReadOnlySpan<GsiRoute> routes, uint flags)
    {
        if (flags != 0 || routes.Length > Limit)
        {
            return Errno.InvalidArgument;
        }

        var seen = new HashSet<uint>();
        foreach (var route in routes)
        {
            // A second entry for a GSI would have to lead to another chip, and there is none.
            if (!IsValid(in route, rules) || !seen.Add(route.Gsi))
            {
                return Errno.InvalidArgument;
            }
        }

        _routes = [.. routes];
        return Errno.Success;
    }

    /// <summary>The entry of a GSI; its kind is None where it has none.</summary>
    public GsiRoute Find(uint gsi)
    {
        foreach (var route in _routes)
        {
            if (route.Gsi == gsi)
            {
                return route;
            }
        }

        return default;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var count = _routes.Length;
        sync.Count("routes", ref count, Limit);
        if (sync.Loading)
        {
            _routes = new GsiRoute[count];
        }

        for (var i = 0; i < count; i++)
        {
            sync.Begin("route", i);
            _routes[i].SyncState(sync, rules, out _routes[i]);
            sync.End();
            if (sync.Loading && (!IsValid(in _routes[i], rules) || Find(_routes[i].Gsi) != _routes[i]))
            {
                throw new StateFormatException($"row 'route[{i}]': {_routes[i]} cannot be in a table, or its GSI comes twice");
            }
        }
    }

    /// <summary>The GSI at whose pin an interrupt has ended; -1 where none leads there.</summary>
    public int FindPin(int pin) => Array.FindIndex(_routes, route => route.Kind == GsiRouteKind.Irqchip && route.PinOrData == pin) is >= 0 and var index ? (int)_routes[index].Gsi : -1;

    /// <summary>Whether a table can have it.</summary>
    internal static bool IsValid(in GsiRoute route, RoutingRules rules) => route.Gsi < Limit && route.Kind switch
    {
        GsiRouteKind.Irqchip => route.Flags == 0 && route.Chip == 0 && route.PinOrData < rules.Pins,
        GsiRouteKind.Msi => (route.Flags & ~rules.MessageFlags) == 0,
        _ => false,
    };
}
