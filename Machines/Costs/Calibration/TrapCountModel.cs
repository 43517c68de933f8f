namespace Trapline.Machines.Costs.Calibration;

/// <summary>The rival: a time is the same for all machines, and as much again for every trap, whoever takes it and whoever waits.</summary>
public static class TrapCountModel
{
    /// <summary>The time without traps and that of a trap, in ns; null where the figures do not determine them.</summary>
    public static (decimal Base, decimal PerTrap)? Fit(FigureCounts a, FigureCounts b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Traps == b.Traps || a.PublishedNs is not { } aTime || b.PublishedNs is not { } bTime)
        {
            return null;
        }

        var perTrap = (aTime - bTime) / (a.Traps - b.Traps);
        return (aTime - (a.Traps * perTrap), perTrap);
    }

    public static decimal Predict(FigureCounts figure, (decimal Base, decimal PerTrap) fitted)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return fitted.Base + (figure.Traps * fitted.PerTrap);
    }
}
